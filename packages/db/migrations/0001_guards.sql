-- Written by hand: what the generator cannot say. Partitions by day, the bells, the fence, the plan in force.

-- Makes the partition of `parent` that holds one UTC day, once. Attaching takes a weaker lock than PARTITION OF would.
CREATE FUNCTION ensure_day_partition(parent text, day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  child text := parent || '_' || to_char(day, 'YYYYMMDD');
BEGIN
  IF to_regclass(child) IS NOT NULL THEN RETURN; END IF;
  -- The lock that attaching takes anyway, taken first: one maker at a time, and waiting for a table's lock is also what makes
  -- PostgreSQL forget that it did not know the child (an advisory lock does not).
  EXECUTE format('LOCK TABLE %I IN SHARE UPDATE EXCLUSIVE MODE', parent);
  IF to_regclass(child) IS NOT NULL THEN RETURN; END IF;
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)', child, parent);
  EXECUTE format(
    'ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, child,
    day::text || ' 00:00:00+00', (day + 1)::text || ' 00:00:00+00'
  );
END
$$;
--> statement-breakpoint
-- Drops the partitions of `parent` whose whole day lies before `first_kept`. Returns how many.
CREATE FUNCTION drop_day_partitions(parent text, first_kept date) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  child text;
  dropped integer := 0;
BEGIN
  FOR child IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = parent::regclass AND right(c.relname, 8) ~ '^\d{8}$' AND to_date(right(c.relname, 8), 'YYYYMMDD') < first_kept
  LOOP
    EXECUTE format('DROP TABLE %I', child);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END
$$;
--> statement-breakpoint
-- A changed wish always asks the orchestrator to look, and an epoch never falls.
CREATE FUNCTION bots_wish() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.epoch < OLD.epoch OR NEW.generation < OLD.generation THEN
    RAISE EXCEPTION 'epoch and generation only rise' USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.desired_state, NEW.generation, NEW.epoch, NEW.hold, NEW.config_version)
     IS DISTINCT FROM (OLD.desired_state, OLD.generation, OLD.epoch, OLD.hold, OLD.config_version) THEN
    -- Cut to the column's milliseconds: rounding up would put it in the future, and a bell for later is no bell.
    NEW.look_at := date_trunc('milliseconds', now());
    NEW.updated_at := now();
  END IF;
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER bots_wish BEFORE UPDATE ON bots FOR EACH ROW EXECUTE FUNCTION bots_wish();
--> statement-breakpoint
CREATE FUNCTION bots_ring() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('sath_bots', NEW.tenant_id::text);
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER bots_ring AFTER UPDATE ON bots FOR EACH ROW
  WHEN (NEW.look_at IS DISTINCT FROM OLD.look_at AND NEW.look_at <= now()) EXECUTE FUNCTION bots_ring();
--> statement-breakpoint
-- Runs: phases only move forward, and every change of phase rings for gateways.
CREATE FUNCTION phase_rank(phase text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT array_position(array['pending', 'created', 'starting', 'running', 'stopping', 'killing', 'exited', 'aborted'], phase)
$$;
--> statement-breakpoint
CREATE FUNCTION bot_runs_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF phase_rank(NEW.phase) < phase_rank(OLD.phase) OR (OLD.phase IN ('exited', 'aborted') AND NEW.phase <> OLD.phase) THEN
    RAISE EXCEPTION 'a run never goes from % back to %', OLD.phase, NEW.phase USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER bot_runs_forward BEFORE UPDATE OF phase ON bot_runs FOR EACH ROW EXECUTE FUNCTION bot_runs_forward();
--> statement-breakpoint
CREATE FUNCTION bot_runs_ring() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('sath_runs', NEW.tenant_id::text);
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER bot_runs_ring_insert AFTER INSERT ON bot_runs FOR EACH ROW EXECUTE FUNCTION bot_runs_ring();
--> statement-breakpoint
CREATE TRIGGER bot_runs_ring AFTER UPDATE OF phase, settled_at ON bot_runs FOR EACH ROW
  WHEN (NEW.phase IS DISTINCT FROM OLD.phase OR NEW.settled_at IS DISTINCT FROM OLD.settled_at) EXECUTE FUNCTION bot_runs_ring();
--> statement-breakpoint
CREATE FUNCTION jobs_ring() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('sath_jobs', NEW.kind);
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER jobs_ring AFTER INSERT ON jobs FOR EACH ROW EXECUTE FUNCTION jobs_ring();
--> statement-breakpoint
-- The fence. It takes the bot's row lock itself, so that an insert by any path queues behind a start, a hold, a force stop or
-- a change of plan that is not yet committed, and then sees what they wrote (READ COMMITTED reads afresh after the lock).
CREATE FUNCTION orders_fence() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  bot bots%ROWTYPE;
BEGIN
  SELECT * INTO bot FROM bots WHERE tenant_id = NEW.tenant_id FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'fence: no bot' USING ERRCODE = 'SF001'; END IF;
  IF NEW.purpose = 'exit' THEN RETURN NEW; END IF;
  IF bot.hold IN ('admin', 'billing', 'credentials') OR (bot.hold IS NOT NULL AND NEW.purpose = 'entry') THEN
    RAISE EXCEPTION 'fence: held (%)', bot.hold USING ERRCODE = 'SF002';
  END IF;
  IF NEW.purpose = 'entry' THEN
    IF NEW.epoch <> bot.epoch THEN RAISE EXCEPTION 'fence: epoch % is not %', NEW.epoch, bot.epoch USING ERRCODE = 'SF003'; END IF;
    IF bot.desired_state <> 'running' THEN RAISE EXCEPTION 'fence: stopped' USING ERRCODE = 'SF004'; END IF;
    IF NOT EXISTS (SELECT FROM bot_runs r WHERE r.id = NEW.run_id AND r.tenant_id = NEW.tenant_id AND r.epoch = NEW.epoch
                   AND r.phase IN ('created', 'starting', 'running')) THEN
      RAISE EXCEPTION 'fence: run is not trading' USING ERRCODE = 'SF005';
    END IF;
    IF EXISTS (SELECT FROM orders o WHERE o.tenant_id = NEW.tenant_id AND o.status IN ('pending', 'unknown') AND o.epoch < NEW.epoch) THEN
      RAISE EXCEPTION 'fence: orders of an older epoch are unanswered' USING ERRCODE = 'SF006';
    END IF;
  END IF;
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER orders_fence BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION orders_fence();
--> statement-breakpoint
CREATE FUNCTION orders_ring() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('sath_orders', NEW.tenant_id::text);
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER orders_ring AFTER INSERT ON orders FOR EACH ROW WHEN (NEW.purpose = 'manual') EXECUTE FUNCTION orders_ring();
--> statement-breakpoint
-- The plan that counts now: a grant that has run out is the free plan again.
CREATE VIEW effective_plans AS
  SELECT u.id AS tenant_id, s.source, s.until, p.*
  FROM users u
  LEFT JOIN subscriptions s ON s.tenant_id = u.id
  JOIN plans p ON p.id = CASE WHEN s.plan_id IS NULL OR s.until < now() THEN 'free' ELSE s.plan_id END;
--> statement-breakpoint
INSERT INTO installation DEFAULT VALUES;
