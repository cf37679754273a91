-- Alone in its file: what a transaction adds it cannot use.
ALTER TYPE "PickOutcome" ADD VALUE IF NOT EXISTS 'PENDING';
