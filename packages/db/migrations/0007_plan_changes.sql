ALTER TABLE "bot_runs" ADD COLUMN "start_memory_mib" integer;--> statement-breakpoint
ALTER TABLE "bot_runs" ADD COLUMN "raising_to" jsonb;--> statement-breakpoint
ALTER TABLE "bots" ADD COLUMN "plan_applied" jsonb;--> statement-breakpoint
ALTER TABLE "bots" ADD COLUMN "plan_conditions" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "trades" ADD COLUMN "close_asked_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "trades_close_asked" ON "trades" USING btree ("tenant_id") WHERE "trades"."status" = 'open' and "trades"."close_asked_at" is not null;