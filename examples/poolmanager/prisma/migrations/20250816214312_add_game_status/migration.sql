-- Values that nothing here uses yet: one file, one transaction, from PostgreSQL 12 on.
ALTER TYPE "GameStatus" ADD VALUE 'IN_PROGRESS';
ALTER TYPE "GameStatus" ADD VALUE 'CANCELLED';

ALTER TABLE "games" ADD COLUMN "status" "GameStatus" NOT NULL DEFAULT 'SCHEDULED';
