ALTER TABLE "bots" ADD COLUMN "rings" bigint DEFAULT 0 NOT NULL;
--> statement-breakpoint
-- Written by hand: every bell is counted. Its time alone does not tell two bells of one millisecond apart, and a pass that saw
-- the first would have answered the second without having looked.
CREATE OR REPLACE FUNCTION bots_wish() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.epoch < OLD.epoch OR NEW.generation < OLD.generation THEN
    RAISE EXCEPTION 'epoch and generation only rise' USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.desired_state, NEW.generation, NEW.epoch, NEW.hold, NEW.config_version)
     IS DISTINCT FROM (OLD.desired_state, OLD.generation, OLD.epoch, OLD.hold, OLD.config_version) THEN
    -- Cut to the column's milliseconds: rounding up would put it in the future, and a bell for later is no bell.
    NEW.look_at := date_trunc('milliseconds', now());
    NEW.rings := OLD.rings + 1;
    NEW.updated_at := now();
  END IF;
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE FUNCTION bots_count_ring() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.rings := OLD.rings + 1;
  RETURN NEW;
END
$$;
--> statement-breakpoint
-- Whoever writes a time that has come rings, even if it is the time that was there.
CREATE TRIGGER bots_count_ring BEFORE UPDATE OF look_at ON bots FOR EACH ROW
  WHEN (NEW.look_at <= now()) EXECUTE FUNCTION bots_count_ring();
--> statement-breakpoint
DROP TRIGGER bots_ring ON bots;
--> statement-breakpoint
CREATE TRIGGER bots_ring AFTER UPDATE ON bots FOR EACH ROW
  WHEN (NEW.rings IS DISTINCT FROM OLD.rings) EXECUTE FUNCTION bots_ring();
