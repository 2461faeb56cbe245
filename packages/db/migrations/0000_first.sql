-- Generated from src/schema; the PARTITION BY clauses are added by hand, because the generator does not know them.
CREATE TABLE "bot_configs" (
	"tenant_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"config" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "bot_configs_tenant_id_version_pk" PRIMARY KEY("tenant_id","version")
);
--> statement-breakpoint
CREATE TABLE "bot_runs" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"tenant_id" uuid NOT NULL,
	"epoch" bigint NOT NULL,
	"generation" bigint NOT NULL,
	"phase" text DEFAULT 'pending' NOT NULL,
	"node" text NOT NULL,
	"engine" text NOT NULL,
	"container_name" text,
	"container_id" text,
	"image_id" text,
	"memory_mib" integer NOT NULL,
	"cpu" double precision NOT NULL,
	"restarts" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"container_created_at" timestamp (3) with time zone,
	"started_at" timestamp (3) with time zone,
	"running_at" timestamp (3) with time zone,
	"last_heartbeat_at" timestamp (3) with time zone,
	"progress_at" timestamp (3) with time zone,
	"heartbeat" jsonb,
	"stop_mode" text,
	"stopped_by" text,
	"stop_reason" text,
	"stop_requested_at" timestamp (3) with time zone,
	"stop_deadline" timestamp (3) with time zone,
	"drained_at" timestamp (3) with time zone,
	"killed_at" timestamp (3) with time zone,
	"exited_at" timestamp (3) with time zone,
	"exit_code" integer,
	"exit_cause" text,
	"oom_killed" boolean,
	"settled_at" timestamp (3) with time zone,
	"receipt" jsonb,
	CONSTRAINT "bot_runs_phase" CHECK ("bot_runs"."phase" in ('pending', 'created', 'starting', 'running', 'stopping', 'killing', 'exited', 'aborted')),
	CONSTRAINT "bot_runs_epoch_positive" CHECK ("bot_runs"."epoch" > 0),
	CONSTRAINT "bot_runs_exit" CHECK (("bot_runs"."phase" in ('exited', 'aborted')) = ("bot_runs"."exited_at" is not null)),
	CONSTRAINT "bot_runs_exit_cause" CHECK ("bot_runs"."exit_cause" is null or "bot_runs"."exit_cause" in ('clean', 'bad-config', 'heap-exhausted', 'out-of-memory', 'crash', 'killed-by-us', 'killed-by-other', 'engine-stopped', 'removed')),
	CONSTRAINT "bot_runs_stop" CHECK (("bot_runs"."stop_mode" is null) = ("bot_runs"."stop_requested_at" is null) and ("bot_runs"."stop_mode" is null or "bot_runs"."stop_mode" in ('graceful', 'force')))
);
--> statement-breakpoint
CREATE TABLE "bots" (
	"tenant_id" uuid PRIMARY KEY NOT NULL,
	"desired_state" text DEFAULT 'stopped' NOT NULL,
	"generation" bigint DEFAULT 0 NOT NULL,
	"observed_generation" bigint DEFAULT 0 NOT NULL,
	"epoch" bigint DEFAULT 0 NOT NULL,
	"config_version" integer DEFAULT 0 NOT NULL,
	"hold" text,
	"hold_reason" text,
	"held_at" timestamp (3) with time zone,
	"conditions" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"crashes_forgiven_at" timestamp (3) with time zone,
	"look_at" timestamp (3) with time zone,
	"claim_owner" text,
	"claim_token" uuid,
	"claim_until" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "bots_desired_state" CHECK ("bots"."desired_state" in ('running', 'stopped')),
	CONSTRAINT "bots_hold" CHECK ("bots"."hold" is null or "bots"."hold" in ('admin', 'billing', 'crash-loop', 'credentials')),
	CONSTRAINT "bots_observed" CHECK ("bots"."observed_generation" <= "bots"."generation")
);
--> statement-breakpoint
CREATE TABLE "run_events" (
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "run_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"time" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"tenant_id" uuid NOT NULL,
	"run_id" uuid,
	"type" text NOT NULL,
	"message" text NOT NULL,
	"fields" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "run_events_time_id_pk" PRIMARY KEY("time","id")
) PARTITION BY RANGE ("time");
--> statement-breakpoint
CREATE TABLE "broker_accounts" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"tenant_id" uuid NOT NULL,
	"account" text NOT NULL,
	"credential_id" uuid,
	"currency" text NOT NULL,
	"start_balance" numeric(38, 18) NOT NULL,
	"balance" numeric(38, 18) NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "broker_accounts_currency" CHECK ("broker_accounts"."currency" ~ '^[A-Z0-9]{2,10}$'),
	CONSTRAINT "broker_accounts_account" CHECK (("broker_accounts"."account" = 'paper') = ("broker_accounts"."credential_id" is null))
);
--> statement-breakpoint
CREATE TABLE "credentials" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"tenant_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"provider" text NOT NULL,
	"environment" text,
	"label" text,
	"hint" text NOT NULL,
	"key_id" text NOT NULL,
	"sealed" "bytea" NOT NULL,
	"status" text DEFAULT 'untested' NOT NULL,
	"last_test_at" timestamp (3) with time zone,
	"last_test_detail" text,
	"last_connected_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "credentials_kind" CHECK ("credentials"."kind" in ('exchange', 'ai')),
	CONSTRAINT "credentials_status" CHECK ("credentials"."status" in ('untested', 'ok', 'failed')),
	CONSTRAINT "credentials_environment" CHECK ("credentials"."environment" is null or "credentials"."environment" in ('testnet', 'live'))
);
--> statement-breakpoint
CREATE TABLE "candles" (
	"source" text NOT NULL,
	"symbol" text NOT NULL,
	"timeframe" text NOT NULL,
	"time" timestamp (3) with time zone NOT NULL,
	"open" double precision NOT NULL,
	"high" double precision NOT NULL,
	"low" double precision NOT NULL,
	"close" double precision NOT NULL,
	"volume" double precision NOT NULL,
	CONSTRAINT "candles_source_symbol_timeframe_time_pk" PRIMARY KEY("source","symbol","timeframe","time"),
	CONSTRAINT "candles_shape" CHECK ("candles"."high" >= greatest("candles"."open", "candles"."close") and "candles"."low" <= least("candles"."open", "candles"."close") and "candles"."volume" >= 0)
) PARTITION BY RANGE ("time");
--> statement-breakpoint
CREATE TABLE "metric_points" (
	"tenant_id" uuid NOT NULL,
	"name" text NOT NULL,
	"unit" text NOT NULL,
	"time" timestamp (3) with time zone NOT NULL,
	"value" double precision NOT NULL
) PARTITION BY RANGE ("time");
--> statement-breakpoint
CREATE TABLE "plans" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"rank" integer NOT NULL,
	"price_month" numeric(38, 18) NOT NULL,
	"price_year" numeric(38, 18) NOT NULL,
	"currency" text DEFAULT 'USD' NOT NULL,
	"max_strategies" integer,
	"max_symbols" integer,
	"max_trades_per_day" integer,
	"max_capital_per_trade" numeric(38, 18),
	"max_capital" numeric(38, 18),
	"modes" text[] NOT NULL,
	"multi_timeframe" boolean NOT NULL,
	"backtesting" boolean NOT NULL,
	"history_days" integer,
	"ai_ensemble" boolean NOT NULL,
	"api_access" boolean NOT NULL,
	"log_retention_days" integer NOT NULL,
	"support" text NOT NULL,
	"memory_mib" integer NOT NULL,
	"cpu" double precision NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "plans_prices" CHECK ("plans"."price_month" >= 0 and "plans"."price_year" >= 0),
	CONSTRAINT "plans_currency" CHECK ("plans"."currency" ~ '^[A-Z0-9]{2,10}$'),
	CONSTRAINT "plans_limits" CHECK (coalesce("plans"."max_strategies", 1) >= 0 and coalesce("plans"."max_symbols", 1) >= 0 and coalesce("plans"."max_trades_per_day", 1) >= 0 and coalesce("plans"."max_capital_per_trade", 1) >= 0 and coalesce("plans"."max_capital", 1) >= 0),
	CONSTRAINT "plans_resources" CHECK ("plans"."memory_mib" >= 64 and "plans"."cpu" > 0 and "plans"."log_retention_days" > 0),
	CONSTRAINT "plans_modes" CHECK ("plans"."modes" <@ array['paper', 'live'] and cardinality("plans"."modes") > 0)
);
--> statement-breakpoint
CREATE TABLE "subscriptions" (
	"tenant_id" uuid PRIMARY KEY NOT NULL,
	"plan_id" text NOT NULL,
	"source" text DEFAULT 'default' NOT NULL,
	"until" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "subscriptions_source" CHECK ("subscriptions"."source" in ('default', 'admin', 'stripe', 'promo'))
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "audit_log_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"time" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"actor_id" uuid,
	"action" text NOT NULL,
	"target" text,
	"address" text,
	"agent" text,
	"fields" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "audit_log_time_id_pk" PRIMARY KEY("time","id")
) PARTITION BY RANGE ("time");
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"user_id" uuid NOT NULL,
	"route" text NOT NULL,
	"key" text NOT NULL,
	"body_hash" text NOT NULL,
	"status" integer,
	"response" json,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_keys_user_id_route_key_pk" PRIMARY KEY("user_id","route","key")
);
--> statement-breakpoint
CREATE TABLE "installation" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "installation_one" CHECK ("installation"."one")
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"tenant_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"status" text DEFAULT 'queued' NOT NULL,
	"progress" double precision DEFAULT 0 NOT NULL,
	"input" json NOT NULL,
	"result" json,
	"claim_owner" text,
	"claim_token" uuid,
	"claim_until" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "jobs_kind" CHECK ("jobs"."kind" in ('key-test', 'erase-user', 'backtest', 'simulation')),
	CONSTRAINT "jobs_status" CHECK ("jobs"."status" in ('queued', 'running', 'done', 'failed', 'cancelled')),
	CONSTRAINT "jobs_progress" CHECK ("jobs"."progress" between 0 and 1)
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"to_address" text NOT NULL,
	"subject" text NOT NULL,
	"text" text NOT NULL,
	"html" text,
	"links" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"token" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"sent_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "programs" (
	"instance_id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"node" text NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"ready_at" timestamp (3) with time zone,
	"seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"facts" jsonb DEFAULT '{}'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "decisions" (
	"tenant_id" uuid NOT NULL,
	"strategy_id" uuid NOT NULL,
	"symbol" text NOT NULL,
	"from_time" timestamp (3) with time zone NOT NULL,
	"to_time" timestamp (3) with time zone NOT NULL,
	"candles" integer DEFAULT 1 NOT NULL,
	"outcome" text NOT NULL,
	"reason" text NOT NULL,
	"config_version" integer NOT NULL,
	"trade_id" uuid,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "decisions_tenant_id_strategy_id_symbol_from_time_pk" PRIMARY KEY("tenant_id","strategy_id","symbol","from_time"),
	CONSTRAINT "decisions_range" CHECK ("decisions"."to_time" >= "decisions"."from_time" and "decisions"."candles" >= 1)
) PARTITION BY RANGE ("from_time");
--> statement-breakpoint
CREATE TABLE "orders" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"tenant_id" uuid NOT NULL,
	"trade_id" uuid NOT NULL,
	"run_id" uuid,
	"epoch" bigint,
	"purpose" text NOT NULL,
	"intent_id" uuid NOT NULL,
	"client_order_id" text NOT NULL,
	"account" text NOT NULL,
	"credential_id" uuid,
	"symbol" text NOT NULL,
	"direction" text NOT NULL,
	"amount" numeric(38, 18) NOT NULL,
	"currency" text NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"broker_order_id" text,
	"send_before" timestamp (3) with time zone NOT NULL,
	"sent_at" timestamp (3) with time zone,
	"answered_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "orders_purpose" CHECK ("orders"."purpose" in ('entry', 'manual', 'exit')),
	CONSTRAINT "orders_status" CHECK ("orders"."status" in ('pending', 'accepted', 'refused', 'unknown', 'cancelled')),
	CONSTRAINT "orders_amount" CHECK ("orders"."amount" > 0),
	CONSTRAINT "orders_currency" CHECK ("orders"."currency" ~ '^[A-Z0-9]{2,10}$'),
	CONSTRAINT "orders_entry" CHECK ("orders"."purpose" <> 'entry' or ("orders"."run_id" is not null and "orders"."epoch" is not null)),
	CONSTRAINT "orders_account" CHECK (("orders"."account" = 'paper') = ("orders"."credential_id" is null))
);
--> statement-breakpoint
CREATE TABLE "signals" (
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"tenant_id" uuid NOT NULL,
	"strategy_id" uuid NOT NULL,
	"symbol" text NOT NULL,
	"timeframe" text NOT NULL,
	"time" timestamp (3) with time zone NOT NULL,
	"direction" text NOT NULL,
	"confidence" double precision NOT NULL,
	"reason" text NOT NULL,
	"config_version" integer NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "signals_tenant_id_strategy_id_symbol_time_pk" PRIMARY KEY("tenant_id","strategy_id","symbol","time")
) PARTITION BY RANGE ("time");
--> statement-breakpoint
CREATE TABLE "strategy_checkpoints" (
	"tenant_id" uuid NOT NULL,
	"strategy_id" uuid NOT NULL,
	"symbol" text NOT NULL,
	"config_version" integer NOT NULL,
	"candle_time" timestamp (3) with time zone NOT NULL,
	"state" json NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "strategy_checkpoints_tenant_id_strategy_id_symbol_pk" PRIMARY KEY("tenant_id","strategy_id","symbol")
);
--> statement-breakpoint
CREATE TABLE "trades" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"tenant_id" uuid NOT NULL,
	"strategy_id" uuid,
	"run_id" uuid,
	"epoch" bigint,
	"config_version" integer,
	"symbol" text NOT NULL,
	"source" text NOT NULL,
	"account" text NOT NULL,
	"instrument" text NOT NULL,
	"direction" text NOT NULL,
	"stake" numeric(38, 18) NOT NULL,
	"currency" text NOT NULL,
	"payout" numeric(38, 18) NOT NULL,
	"level" integer DEFAULT 0 NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"confidence" double precision,
	"indicators" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"duration_ms" bigint,
	"stop_loss_pct" double precision,
	"take_profit_pct" double precision,
	"entry_price" numeric(38, 18),
	"exit_price" numeric(38, 18),
	"profit" numeric(38, 18),
	"signal_time" timestamp (3) with time zone NOT NULL,
	"market_day" date NOT NULL,
	"opened_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "trades_status" CHECK ("trades"."status" in ('pending', 'open', 'win', 'loss', 'tie', 'refused', 'unknown', 'cancelled')),
	CONSTRAINT "trades_direction" CHECK ("trades"."direction" in ('call', 'put')),
	CONSTRAINT "trades_money" CHECK ("trades"."stake" > 0 and "trades"."payout" >= 0 and "trades"."level" >= 0),
	CONSTRAINT "trades_currency" CHECK ("trades"."currency" ~ '^[A-Z0-9]{2,10}$'),
	CONSTRAINT "trades_closed" CHECK (("trades"."status" in ('win', 'loss', 'tie')) <= ("trades"."closed_at" is not null and "trades"."profit" is not null and "trades"."entry_price" is not null and "trades"."exit_price" is not null)),
	CONSTRAINT "trades_sign" CHECK ("trades"."status" not in ('win', 'loss', 'tie') or ("trades"."status" = 'win' and "trades"."profit" > 0) or ("trades"."status" = 'loss' and "trades"."profit" < 0) or ("trades"."status" = 'tie' and "trades"."profit" = 0))
);
--> statement-breakpoint
CREATE TABLE "one_time_tokens" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" uuid NOT NULL,
	"purpose" text NOT NULL,
	"token_hash" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "one_time_tokens_purpose" CHECK ("one_time_tokens"."purpose" in ('verify-email', 'reset-password'))
);
--> statement-breakpoint
CREATE TABLE "refresh_tokens" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" uuid NOT NULL,
	"family_id" uuid NOT NULL,
	"token_hash" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"spent_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	"address" text,
	"agent" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"email" text NOT NULL,
	"password_hash" text NOT NULL,
	"name" text,
	"country" text,
	"locale" text DEFAULT 'en' NOT NULL,
	"role" text DEFAULT 'subscriber' NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"email_verified_at" timestamp (3) with time zone,
	"failed_logins" integer DEFAULT 0 NOT NULL,
	"locked_until" timestamp (3) with time zone,
	"last_login_at" timestamp (3) with time zone,
	"deleting_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_email_lower" CHECK ("users"."email" = lower("users"."email") and position('@' in "users"."email") > 1),
	CONSTRAINT "users_role" CHECK ("users"."role" in ('subscriber', 'support', 'admin', 'superadmin'))
);
--> statement-breakpoint
ALTER TABLE "bot_configs" ADD CONSTRAINT "bot_configs_tenant_id_users_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bot_runs" ADD CONSTRAINT "bot_runs_tenant_id_users_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bots" ADD CONSTRAINT "bots_tenant_id_users_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "broker_accounts" ADD CONSTRAINT "broker_accounts_tenant_id_users_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "broker_accounts" ADD CONSTRAINT "broker_accounts_credential_id_credentials_id_fk" FOREIGN KEY ("credential_id") REFERENCES "public"."credentials"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_tenant_id_users_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_tenant_id_users_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_plan_id_plans_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plans"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_tenant_id_users_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_tenant_id_users_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_trade_id_trades_id_fk" FOREIGN KEY ("trade_id") REFERENCES "public"."trades"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_run_id_bot_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."bot_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_credential_id_credentials_id_fk" FOREIGN KEY ("credential_id") REFERENCES "public"."credentials"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "strategy_checkpoints" ADD CONSTRAINT "strategy_checkpoints_tenant_id_users_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trades" ADD CONSTRAINT "trades_tenant_id_users_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "one_time_tokens" ADD CONSTRAINT "one_time_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refresh_tokens" ADD CONSTRAINT "refresh_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "bot_runs_one_unfinished" ON "bot_runs" USING btree ("tenant_id") WHERE "bot_runs"."phase" not in ('exited', 'aborted');--> statement-breakpoint
CREATE UNIQUE INDEX "bot_runs_epoch" ON "bot_runs" USING btree ("tenant_id","epoch");--> statement-breakpoint
CREATE INDEX "bot_runs_tenant_created" ON "bot_runs" USING btree ("tenant_id","created_at");--> statement-breakpoint
CREATE INDEX "bot_runs_unfinished" ON "bot_runs" USING btree ("phase") WHERE "bot_runs"."phase" not in ('exited', 'aborted');--> statement-breakpoint
CREATE INDEX "bot_runs_unsettled" ON "bot_runs" USING btree ("exited_at") WHERE "bot_runs"."phase" = 'exited' and "bot_runs"."settled_at" is null;--> statement-breakpoint
CREATE INDEX "bots_look_at" ON "bots" USING btree ("look_at") WHERE "bots"."look_at" is not null;--> statement-breakpoint
CREATE INDEX "run_events_tenant" ON "run_events" USING btree ("tenant_id","time");--> statement-breakpoint
CREATE UNIQUE INDEX "broker_accounts_tenant_account" ON "broker_accounts" USING btree ("tenant_id","account");--> statement-breakpoint
CREATE INDEX "credentials_tenant" ON "credentials" USING btree ("tenant_id");--> statement-breakpoint
CREATE INDEX "metric_points_series" ON "metric_points" USING btree ("tenant_id","name","time");--> statement-breakpoint
CREATE INDEX "audit_log_actor" ON "audit_log" USING btree ("actor_id","time");--> statement-breakpoint
CREATE INDEX "audit_log_action" ON "audit_log" USING btree ("action","time");--> statement-breakpoint
CREATE INDEX "idempotency_keys_created" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "jobs_tenant" ON "jobs" USING btree ("tenant_id","kind","created_at");--> statement-breakpoint
CREATE INDEX "jobs_open" ON "jobs" USING btree ("kind","created_at") WHERE "jobs"."status" in ('queued', 'running');--> statement-breakpoint
CREATE INDEX "outbox_unsent" ON "outbox" USING btree ("next_attempt_at") WHERE "outbox"."sent_at" is null;--> statement-breakpoint
CREATE INDEX "outbox_to" ON "outbox" USING btree ("to_address","created_at");--> statement-breakpoint
CREATE INDEX "programs_name" ON "programs" USING btree ("name","seen_at");--> statement-breakpoint
CREATE UNIQUE INDEX "orders_intent" ON "orders" USING btree ("tenant_id","intent_id");--> statement-breakpoint
CREATE UNIQUE INDEX "orders_client_order_id" ON "orders" USING btree ("client_order_id");--> statement-breakpoint
CREATE INDEX "orders_tenant_created" ON "orders" USING btree ("tenant_id","created_at");--> statement-breakpoint
CREATE INDEX "orders_trade" ON "orders" USING btree ("trade_id");--> statement-breakpoint
CREATE INDEX "orders_unanswered" ON "orders" USING btree ("tenant_id","epoch") WHERE "orders"."status" in ('pending', 'unknown');--> statement-breakpoint
CREATE INDEX "trades_tenant_created" ON "trades" USING btree ("tenant_id","created_at");--> statement-breakpoint
CREATE INDEX "trades_tenant_day" ON "trades" USING btree ("tenant_id","market_day");--> statement-breakpoint
CREATE INDEX "trades_tenant_strategy" ON "trades" USING btree ("tenant_id","strategy_id","signal_time");--> statement-breakpoint
CREATE INDEX "trades_unfinished" ON "trades" USING btree ("tenant_id") WHERE "trades"."status" in ('pending', 'open', 'unknown');--> statement-breakpoint
CREATE UNIQUE INDEX "one_time_tokens_hash" ON "one_time_tokens" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "one_time_tokens_user" ON "one_time_tokens" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "refresh_tokens_hash" ON "refresh_tokens" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "refresh_tokens_family" ON "refresh_tokens" USING btree ("family_id");--> statement-breakpoint
CREATE INDEX "refresh_tokens_user" ON "refresh_tokens" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email_unique" ON "users" USING btree ("email");--> statement-breakpoint
CREATE INDEX "users_created_at" ON "users" USING btree ("created_at");