CREATE TABLE "mailed_facts" (
	"tenant_id" uuid NOT NULL,
	"fact" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "mailed_facts_tenant_id_fact_pk" PRIMARY KEY("tenant_id","fact")
);
--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "asked_for" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "mailed_facts" ADD CONSTRAINT "mailed_facts_tenant_id_users_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;