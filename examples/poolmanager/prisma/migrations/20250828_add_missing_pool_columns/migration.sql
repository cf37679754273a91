-- What the client expects and no migration had made.  Guards ask for names alone: what is there
-- under one of these names is left as it is, whatever it is.
ALTER TABLE "pools"
    ADD COLUMN IF NOT EXISTS "season" INTEGER NOT NULL DEFAULT 2025,
    ADD COLUMN IF NOT EXISTS "buyIn" DECIMAL(65,30) NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS "maxEntries" INTEGER NOT NULL DEFAULT 100,
    ADD COLUMN IF NOT EXISTS "isActive" BOOLEAN NOT NULL DEFAULT true,
    ADD COLUMN IF NOT EXISTS "description" TEXT,
    ADD COLUMN IF NOT EXISTS "creatorId" TEXT,
    ADD COLUMN IF NOT EXISTS "url" TEXT;

CREATE INDEX IF NOT EXISTS "pools_season_idx" ON "pools"("season");

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'pools_name_key') THEN
        ALTER TABLE "pools" ADD CONSTRAINT "pools_name_key" UNIQUE ("name");
    END IF;
END $$;

ALTER TABLE "survivor_entries" ADD COLUMN IF NOT EXISTS "entryUrl" TEXT;

CREATE TABLE IF NOT EXISTS "pool_completions" (
    "id" TEXT NOT NULL,
    "poolId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "week" INTEGER NOT NULL,
    "season" INTEGER NOT NULL,
    "isCompleted" BOOLEAN NOT NULL DEFAULT false,
    "completedAt" TIMESTAMP(3),
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "pool_completions_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX IF NOT EXISTS "pool_completions_poolId_userId_week_season_key" ON "pool_completions"("poolId", "userId", "week", "season");
CREATE INDEX IF NOT EXISTS "pool_completions_userId_week_season_idx" ON "pool_completions"("userId", "week", "season");
CREATE INDEX IF NOT EXISTS "pool_completions_poolId_idx" ON "pool_completions"("poolId");

CREATE TABLE IF NOT EXISTS "team_ratings" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "rating" DOUBLE PRECISION NOT NULL DEFAULT 1500,
    "gamesPlayed" INTEGER NOT NULL DEFAULT 0,
    "season" INTEGER NOT NULL DEFAULT 2025,
    "lastUpdated" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "team_ratings_pkey" PRIMARY KEY ("id")
);

CREATE INDEX IF NOT EXISTS "team_ratings_season_idx" ON "team_ratings"("season");
CREATE INDEX IF NOT EXISTS "team_ratings_rating_idx" ON "team_ratings"("rating");

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'team_ratings_teamId_key') THEN
        ALTER TABLE "team_ratings" ADD CONSTRAINT "team_ratings_teamId_key" UNIQUE ("teamId");
    END IF;
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'team_ratings_teamId_fkey') THEN
        ALTER TABLE "team_ratings" ADD CONSTRAINT "team_ratings_teamId_fkey"
            FOREIGN KEY ("teamId") REFERENCES "teams"("id") ON DELETE CASCADE ON UPDATE CASCADE;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'pool_completions_poolId_fkey') THEN
        ALTER TABLE "pool_completions" ADD CONSTRAINT "pool_completions_poolId_fkey"
            FOREIGN KEY ("poolId") REFERENCES "pools"("id") ON DELETE CASCADE ON UPDATE CASCADE;
    END IF;
END $$;
