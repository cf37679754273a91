-- Enums
CREATE TYPE "PoolType" AS ENUM ('ATS', 'SU', 'POINTS_PLUS', 'SURVIVOR');
CREATE TYPE "GameStatus" AS ENUM ('SCHEDULED', 'FINAL');
CREATE TYPE "PickOutcome" AS ENUM ('WIN', 'LOSS', 'PUSH', 'VOID');
CREATE TYPE "UploadKind" AS ENUM ('CSV', 'IMAGE');

-- Tables
CREATE TABLE "teams" (
    "id" TEXT NOT NULL,
    "nflAbbr" TEXT NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "teams_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "games" (
    "id" TEXT NOT NULL,
    "season" INTEGER NOT NULL,
    "week" INTEGER NOT NULL,
    "kickoff" TIMESTAMP(3) NOT NULL,
    "homeTeamId" TEXT NOT NULL,
    "awayTeamId" TEXT NOT NULL,
    "venue" TEXT,
    "lat" DECIMAL(65,30),
    "lon" DECIMAL(65,30),
    "apiRefs" JSONB,

    CONSTRAINT "games_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "results" (
    "id" TEXT NOT NULL,
    "gameId" TEXT NOT NULL,
    "homeScore" INTEGER,
    "awayScore" INTEGER,
    "status" "GameStatus" NOT NULL DEFAULT 'SCHEDULED',

    CONSTRAINT "results_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "pools" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "type" "PoolType" NOT NULL,
    "rules" JSONB,

    CONSTRAINT "pools_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "entries" (
    "id" TEXT NOT NULL,
    "poolId" TEXT NOT NULL,
    "season" INTEGER NOT NULL,

    CONSTRAINT "entries_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "mapping_profiles" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "columnMap" JSONB NOT NULL,

    CONSTRAINT "mapping_profiles_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "uploads" (
    "id" TEXT NOT NULL,
    "kind" "UploadKind" NOT NULL,
    "path" TEXT NOT NULL,
    "parsed" JSONB,
    "mappingProfileId" TEXT,

    CONSTRAINT "uploads_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "picks" (
    "id" TEXT NOT NULL,
    "entryId" TEXT NOT NULL,
    "gameId" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "lockedAt" TIMESTAMP(3),
    "confidence" DECIMAL(65,30) NOT NULL,
    "sourceUploadId" TEXT,

    CONSTRAINT "picks_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "grades" (
    "id" TEXT NOT NULL,
    "pickId" TEXT NOT NULL,
    "outcome" "PickOutcome" NOT NULL,
    "points" DECIMAL(65,30) NOT NULL,
    "details" JSONB,

    CONSTRAINT "grades_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "lines" (
    "id" TEXT NOT NULL,
    "gameId" TEXT NOT NULL,
    "poolId" TEXT,
    "source" TEXT NOT NULL,
    "spread" DECIMAL(65,30),
    "total" DECIMAL(65,30),
    "moneylineHome" INTEGER,
    "moneylineAway" INTEGER,
    "capturedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "isUserProvided" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "lines_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "model_weights" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "weights" JSONB NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "model_weights_pkey" PRIMARY KEY ("id")
);

-- Indexes
CREATE UNIQUE INDEX "teams_nflAbbr_key" ON "teams"("nflAbbr");
CREATE UNIQUE INDEX "games_season_week_homeTeamId_awayTeamId_key" ON "games"("season", "week", "homeTeamId", "awayTeamId");
CREATE INDEX "games_season_week_idx" ON "games"("season", "week");
CREATE INDEX "games_kickoff_idx" ON "games"("kickoff");
CREATE UNIQUE INDEX "results_gameId_key" ON "results"("gameId");
CREATE UNIQUE INDEX "entries_poolId_season_key" ON "entries"("poolId", "season");
CREATE UNIQUE INDEX "mapping_profiles_name_key" ON "mapping_profiles"("name");
CREATE UNIQUE INDEX "picks_entryId_gameId_key" ON "picks"("entryId", "gameId");
CREATE INDEX "picks_gameId_idx" ON "picks"("gameId");
CREATE INDEX "picks_teamId_idx" ON "picks"("teamId");
CREATE UNIQUE INDEX "grades_pickId_key" ON "grades"("pickId");
CREATE INDEX "lines_gameId_idx" ON "lines"("gameId");
CREATE INDEX "lines_capturedAt_idx" ON "lines"("capturedAt");
CREATE UNIQUE INDEX "model_weights_name_key" ON "model_weights"("name");

-- Foreign keys
ALTER TABLE "games" ADD CONSTRAINT "games_homeTeamId_fkey" FOREIGN KEY ("homeTeamId") REFERENCES "teams"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "games" ADD CONSTRAINT "games_awayTeamId_fkey" FOREIGN KEY ("awayTeamId") REFERENCES "teams"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "results" ADD CONSTRAINT "results_gameId_fkey" FOREIGN KEY ("gameId") REFERENCES "games"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "entries" ADD CONSTRAINT "entries_poolId_fkey" FOREIGN KEY ("poolId") REFERENCES "pools"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_mappingProfileId_fkey" FOREIGN KEY ("mappingProfileId") REFERENCES "mapping_profiles"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "picks" ADD CONSTRAINT "picks_entryId_fkey" FOREIGN KEY ("entryId") REFERENCES "entries"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "picks" ADD CONSTRAINT "picks_gameId_fkey" FOREIGN KEY ("gameId") REFERENCES "games"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "picks" ADD CONSTRAINT "picks_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "teams"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "picks" ADD CONSTRAINT "picks_sourceUploadId_fkey" FOREIGN KEY ("sourceUploadId") REFERENCES "uploads"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "grades" ADD CONSTRAINT "grades_pickId_fkey" FOREIGN KEY ("pickId") REFERENCES "picks"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "lines" ADD CONSTRAINT "lines_gameId_fkey" FOREIGN KEY ("gameId") REFERENCES "games"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "lines" ADD CONSTRAINT "lines_poolId_fkey" FOREIGN KEY ("poolId") REFERENCES "pools"("id") ON DELETE SET NULL ON UPDATE CASCADE;
