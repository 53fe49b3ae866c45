-- A move that is taken back: as legal as the move it takes back, and told
-- apart in the log.
ALTER TABLE life_log
    ADD COLUMN undone boolean NOT NULL DEFAULT false,
    DROP CONSTRAINT life_log_to_state_order;
ALTER TABLE life_log
    ADD COLUMN moved_from text COLLATE "C" NOT NULL GENERATED ALWAYS AS
        (CASE WHEN undone THEN to_state ELSE from_state END) STORED,
    ADD COLUMN moved_to text COLLATE "C" NOT NULL GENERATED ALWAYS AS
        (CASE WHEN undone THEN from_state ELSE to_state END) STORED;
ALTER TABLE life_log
    ADD CONSTRAINT life_log_to_state_order
        FOREIGN KEY (moved_from, moved_to) REFERENCES life_move;
