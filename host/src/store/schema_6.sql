-- Version 6: schedules, and runs that are wanted.

ALTER TABLE runs ADD COLUMN trigger TEXT NOT NULL DEFAULT 'hand'; -- what made it begin: hand, schedule
