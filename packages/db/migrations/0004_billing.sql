CREATE TABLE "grant_reminders" (
	"grant_id" uuid NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"days_before" integer NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "grant_reminders_grant_id_ends_at_days_before_pk" PRIMARY KEY("grant_id","ends_at","days_before"),
	CONSTRAINT "grant_reminders_days" CHECK ("grant_reminders"."days_before" > 0)
);
--> statement-breakpoint
CREATE TABLE "plan_grants" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"tenant_id" uuid NOT NULL,
	"source" text NOT NULL,
	"plan_id" text NOT NULL,
	"starts_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', statement_timestamp()) NOT NULL,
	"ends_at" timestamp (3) with time zone,
	"reference" text,
	"withdrawn_ms" bigint,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "plan_grants_source" CHECK ("plan_grants"."source" in ('admin', 'stripe', 'promo', 'payment')),
	CONSTRAINT "plan_grants_order" CHECK ("plan_grants"."ends_at" >= "plan_grants"."starts_at"),
	CONSTRAINT "plan_grants_days" CHECK ("plan_grants"."source" in ('admin', 'stripe') or "plan_grants"."ends_at" is not null),
	CONSTRAINT "plan_grants_subscription" CHECK ("plan_grants"."source" <> 'stripe' or "plan_grants"."reference" is not null),
	CONSTRAINT "plan_grants_withdrawn" CHECK ("plan_grants"."withdrawn_ms" >= 0)
);
--> statement-breakpoint
CREATE TABLE "promo_codes" (
	"code" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"plan_id" text NOT NULL,
	"days" integer NOT NULL,
	"max_uses" integer NOT NULL,
	"uses" integer DEFAULT 0 NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"active" boolean DEFAULT true NOT NULL,
	"note" text,
	"created_by" uuid,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "promo_codes_code" CHECK ("promo_codes"."code" ~ '^[A-Z0-9][A-Z0-9-]{2,39}$'),
	CONSTRAINT "promo_codes_type" CHECK ("promo_codes"."type" in ('reseller', 'agent', 'courtesy')),
	CONSTRAINT "promo_codes_days" CHECK ("promo_codes"."days" between 1 and 3660),
	CONSTRAINT "promo_codes_uses" CHECK ("promo_codes"."uses" >= 0 and "promo_codes"."uses" <= "promo_codes"."max_uses" and "promo_codes"."max_uses" > 0)
);
--> statement-breakpoint
CREATE TABLE "promo_redemptions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"code" text NOT NULL,
	"tenant_id" uuid NOT NULL,
	"grant_id" uuid NOT NULL,
	"redeemed_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "payments" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"tenant_id" uuid,
	"method" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"refunded_minor" bigint DEFAULT 0 NOT NULL,
	"currency" text NOT NULL,
	"status" text DEFAULT 'paid' NOT NULL,
	"reference" text NOT NULL,
	"proof" text,
	"plan_id" text,
	"days" integer,
	"grant_id" uuid,
	"stripe_invoice_id" text,
	"stripe_charge_id" text,
	"stripe_payment_intent_id" text,
	"created_by" uuid,
	"paid_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "payments_method" CHECK ("payments"."method" in ('stripe', 'transfer', 'paypal', 'crypto', 'cash')),
	CONSTRAINT "payments_status" CHECK ("payments"."status" in ('paid', 'partially-refunded', 'refunded', 'disputed')),
	CONSTRAINT "payments_currency" CHECK ("payments"."currency" ~ '^[A-Z]{3}$'),
	CONSTRAINT "payments_amount" CHECK ("payments"."amount_minor" between 0 and 9007199254740991),
	CONSTRAINT "payments_refunded" CHECK ("payments"."refunded_minor" between 0 and "payments"."amount_minor"),
	CONSTRAINT "payments_refund" CHECK (case "payments"."status" when 'paid' then "payments"."refunded_minor" = 0 when 'refunded' then "payments"."refunded_minor" = "payments"."amount_minor"
        when 'partially-refunded' then "payments"."refunded_minor" > 0 and "payments"."refunded_minor" < "payments"."amount_minor" else true end),
	CONSTRAINT "payments_days" CHECK ("payments"."days" is null or ("payments"."days" between 1 and 3660 and "payments"."plan_id" is not null))
);
--> statement-breakpoint
CREATE TABLE "billing_customers" (
	"tenant_id" uuid PRIMARY KEY NOT NULL,
	"customer_id" text NOT NULL,
	"livemode" boolean NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stripe_events" (
	"id" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"livemode" boolean NOT NULL,
	"api_version" text,
	"customer_id" text,
	"body" json NOT NULL,
	"received_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"claim_owner" text,
	"claim_token" uuid,
	"claim_until" timestamp (3) with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"processed_at" timestamp (3) with time zone,
	"outcome" text,
	"error" text,
	CONSTRAINT "stripe_events_outcome" CHECK ("stripe_events"."outcome" is null or "stripe_events"."outcome" in ('done', 'ignored', 'other-livemode', 'failed')),
	CONSTRAINT "stripe_events_processed" CHECK (("stripe_events"."processed_at" is null) = ("stripe_events"."outcome" is null)),
	CONSTRAINT "stripe_events_claim" CHECK (("stripe_events"."claim_token" is null) = ("stripe_events"."claim_until" is null) and ("stripe_events"."claim_token" is null) = ("stripe_events"."claim_owner" is null))
);
--> statement-breakpoint
CREATE TABLE "stripe_subscriptions" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"customer_id" text NOT NULL,
	"plan_id" text,
	"cycle" text,
	"status" text NOT NULL,
	"period_end" timestamp (3) with time zone,
	"cancel_at" timestamp (3) with time zone,
	"cancel_at_period_end" boolean DEFAULT false NOT NULL,
	"trial_end" timestamp (3) with time zone,
	"past_due_since" timestamp (3) with time zone,
	"amount_minor" bigint,
	"currency" text,
	"latest_invoice_id" text,
	"invoice_url" text,
	"livemode" boolean NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"fetched_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "stripe_subscriptions_cycle" CHECK ("stripe_subscriptions"."cycle" is null or "stripe_subscriptions"."cycle" in ('monthly', 'yearly')),
	CONSTRAINT "stripe_subscriptions_amount" CHECK ("stripe_subscriptions"."amount_minor" between 0 and 9007199254740991),
	CONSTRAINT "stripe_subscriptions_currency" CHECK ("stripe_subscriptions"."currency" ~ '^[A-Z]{3}$')
);
--> statement-breakpoint
ALTER TABLE "plans" ADD COLUMN "trial_days" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "grant_reminders" ADD CONSTRAINT "grant_reminders_grant_id_plan_grants_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."plan_grants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_grants" ADD CONSTRAINT "plan_grants_tenant_id_users_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_grants" ADD CONSTRAINT "plan_grants_plan_id_plans_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plans"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "promo_codes" ADD CONSTRAINT "promo_codes_plan_id_plans_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plans"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "promo_redemptions" ADD CONSTRAINT "promo_redemptions_code_promo_codes_code_fk" FOREIGN KEY ("code") REFERENCES "public"."promo_codes"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "promo_redemptions" ADD CONSTRAINT "promo_redemptions_tenant_id_users_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "promo_redemptions" ADD CONSTRAINT "promo_redemptions_grant_id_plan_grants_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."plan_grants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_tenant_id_users_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_plan_id_plans_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plans"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_grant_id_plan_grants_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."plan_grants"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "billing_customers" ADD CONSTRAINT "billing_customers_tenant_id_users_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stripe_subscriptions" ADD CONSTRAINT "stripe_subscriptions_tenant_id_users_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stripe_subscriptions" ADD CONSTRAINT "stripe_subscriptions_plan_id_plans_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plans"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "plan_grants_reference" ON "plan_grants" USING btree ("source","reference") WHERE "plan_grants"."reference" is not null;--> statement-breakpoint
CREATE INDEX "plan_grants_tenant" ON "plan_grants" USING btree ("tenant_id","ends_at");--> statement-breakpoint
CREATE INDEX "plan_grants_ends" ON "plan_grants" USING btree ("ends_at");--> statement-breakpoint
CREATE INDEX "promo_codes_created" ON "promo_codes" USING btree ("created_at","code");--> statement-breakpoint
CREATE UNIQUE INDEX "promo_redemptions_once" ON "promo_redemptions" USING btree ("code","tenant_id");--> statement-breakpoint
CREATE INDEX "promo_redemptions_code" ON "promo_redemptions" USING btree ("code","redeemed_at");--> statement-breakpoint
CREATE INDEX "promo_redemptions_tenant" ON "promo_redemptions" USING btree ("tenant_id");--> statement-breakpoint
CREATE INDEX "promo_redemptions_grant" ON "promo_redemptions" USING btree ("grant_id");--> statement-breakpoint
CREATE UNIQUE INDEX "payments_reference" ON "payments" USING btree ("method","reference");--> statement-breakpoint
CREATE UNIQUE INDEX "payments_stripe_invoice" ON "payments" USING btree ("stripe_invoice_id");--> statement-breakpoint
CREATE UNIQUE INDEX "payments_stripe_charge" ON "payments" USING btree ("stripe_charge_id");--> statement-breakpoint
CREATE UNIQUE INDEX "payments_stripe_payment_intent" ON "payments" USING btree ("stripe_payment_intent_id");--> statement-breakpoint
CREATE INDEX "payments_tenant" ON "payments" USING btree ("tenant_id","paid_at");--> statement-breakpoint
CREATE INDEX "payments_paid" ON "payments" USING btree ("paid_at","id");--> statement-breakpoint
CREATE INDEX "payments_grant" ON "payments" USING btree ("grant_id");--> statement-breakpoint
CREATE UNIQUE INDEX "billing_customers_customer" ON "billing_customers" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "stripe_events_waiting" ON "stripe_events" USING btree ("next_attempt_at") WHERE "stripe_events"."processed_at" is null;--> statement-breakpoint
CREATE INDEX "stripe_events_received" ON "stripe_events" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "stripe_subscriptions_tenant" ON "stripe_subscriptions" USING btree ("tenant_id");--> statement-breakpoint
CREATE INDEX "stripe_subscriptions_customer" ON "stripe_subscriptions" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "stripe_subscriptions_fetched" ON "stripe_subscriptions" USING btree ("fetched_at");--> statement-breakpoint
ALTER TABLE "plans" ADD CONSTRAINT "plans_trial" CHECK ("plans"."trial_days" between 0 and 730);