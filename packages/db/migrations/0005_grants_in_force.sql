-- Written by hand: the rows of subscriptions as grants, the plan in force, the bells of grants and plans.

-- Nothing has come from Stripe yet and no code was redeemed without an end: whatever says so was given by people.
INSERT INTO plan_grants (tenant_id, source, plan_id, starts_at, ends_at, created_at)
  SELECT tenant_id, CASE WHEN source = 'promo' AND until IS NOT NULL THEN 'promo' ELSE 'admin' END,
    plan_id, least(updated_at, until), until, updated_at
  FROM subscriptions
  WHERE NOT (source = 'default' AND plan_id = 'free');
--> statement-breakpoint
DROP VIEW effective_plans;
--> statement-breakpoint
-- The plan of a tenant at a moment: no row when no grant runs. Of the grants that run, the highest rank, then the one that
-- ends last. It lasts until the first end at which no other grant of this rank or above runs. The same as `entitlements` in
-- @sath/core. A single query, so that PostgreSQL puts it into the query that asks.
CREATE FUNCTION plan_in_force(tenant uuid, at timestamptz)
RETURNS TABLE (plan_id text, source text, until timestamptz) LANGUAGE sql STABLE AS $$
  SELECT best.plan_id, best.source, (
    SELECT min(g.ends_at) FROM plan_grants g JOIN plans p ON p.id = g.plan_id
    WHERE g.tenant_id = tenant AND g.ends_at > at AND p.rank >= best.rank AND NOT EXISTS (
      SELECT FROM plan_grants o JOIN plans q ON q.id = o.plan_id
      WHERE o.tenant_id = tenant AND q.rank >= best.rank AND o.starts_at <= g.ends_at
        AND (o.ends_at IS NULL OR o.ends_at > g.ends_at)
    )
  )
  FROM (
    SELECT g.plan_id, g.source, p.rank FROM plan_grants g JOIN plans p ON p.id = g.plan_id
    WHERE g.tenant_id = tenant AND g.starts_at <= at AND (g.ends_at IS NULL OR g.ends_at > at)
    ORDER BY p.rank DESC, g.ends_at DESC NULLS FIRST, g.starts_at, g.id LIMIT 1
  ) best
$$;
--> statement-breakpoint
-- By the clock of the statement, not of the transaction: a transaction that waited for a bot's lock then sees that a grant
-- has ended meanwhile. A grant that runs out needs no program to run.
CREATE VIEW effective_plans AS
  SELECT u.id AS tenant_id, coalesce(f.source, 'default') AS source, f.until, p.*
  FROM users u
  LEFT JOIN LATERAL plan_in_force(u.id, statement_timestamp()) f ON true
  JOIN plans p ON p.id = coalesce(f.plan_id, 'free');
--> statement-breakpoint
-- Whoever changes what a tenant may do makes the orchestrator look at the bot, and rings for those who keep limits in memory.
CREATE FUNCTION plan_grants_ring() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  tenant uuid := coalesce(NEW.tenant_id, OLD.tenant_id);
BEGIN
  UPDATE bots SET look_at = date_trunc('milliseconds', now()) WHERE tenant_id = tenant;
  PERFORM pg_notify('sath_plans', tenant::text);
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER plan_grants_ring AFTER INSERT OR UPDATE OR DELETE ON plan_grants FOR EACH ROW EXECUTE FUNCTION plan_grants_ring();
--> statement-breakpoint
-- The payload is `plan:<id>`: everybody on it.
CREATE FUNCTION plans_ring() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE bots SET look_at = date_trunc('milliseconds', now())
    WHERE tenant_id IN (SELECT tenant_id FROM effective_plans WHERE id = NEW.id);
  PERFORM pg_notify('sath_plans', 'plan:' || NEW.id);
  RETURN NULL;
END
$$;
--> statement-breakpoint
-- Names and prices change nothing for a bot.
CREATE TRIGGER plans_ring AFTER UPDATE ON plans FOR EACH ROW
  WHEN ((NEW.rank, NEW.max_strategies, NEW.max_symbols, NEW.max_trades_per_day, NEW.max_capital_per_trade, NEW.max_capital, NEW.modes,
         NEW.multi_timeframe, NEW.backtesting, NEW.history_days, NEW.ai_ensemble, NEW.api_access, NEW.log_retention_days,
         NEW.memory_mib, NEW.cpu)
        IS DISTINCT FROM
        (OLD.rank, OLD.max_strategies, OLD.max_symbols, OLD.max_trades_per_day, OLD.max_capital_per_trade, OLD.max_capital, OLD.modes,
         OLD.multi_timeframe, OLD.backtesting, OLD.history_days, OLD.ai_ensemble, OLD.api_access, OLD.log_retention_days,
         OLD.memory_mib, OLD.cpu))
  EXECUTE FUNCTION plans_ring();
