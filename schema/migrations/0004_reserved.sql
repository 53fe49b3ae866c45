-- Holds the place of the fourth migration until it comes; goes with it.
DO $$ BEGIN END $$;
