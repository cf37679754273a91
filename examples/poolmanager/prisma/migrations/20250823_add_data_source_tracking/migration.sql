-- Where data comes from: which rows are real, which are made up, and who was asked.
CREATE TYPE "DataSourceType" AS ENUM ('REAL', 'MOCK', 'SIMULATED', 'UNAVAILABLE');
CREATE TYPE "ApiProvider" AS ENUM ('ESPN', 'MYSPORTSFEEDS', 'INTERNAL');

-- Every entry there is becomes MOCK by the default.
ALTER TABLE "survivor_entries"
    ADD COLUMN "data_source_type" "DataSourceType" DEFAULT 'MOCK',
    ADD COLUMN "data_last_updated" TIMESTAMP(3),
    ADD COLUMN "data_source_message" TEXT;

CREATE INDEX "survivor_entries_data_source_type_idx" ON "survivor_entries"("data_source_type");

CREATE TABLE "api_configurations" (
    "id" TEXT NOT NULL,
    "provider" "ApiProvider" NOT NULL,
    "name" TEXT NOT NULL,
    "base_url" TEXT NOT NULL,
    "api_key" TEXT,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "rate_limit_per_minute" INTEGER DEFAULT 60,
    "timeout_ms" INTEGER DEFAULT 10000,
    "created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "api_configurations_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "api_configurations_provider_name_key" UNIQUE ("provider", "name")
);

CREATE TABLE "data_source_logs" (
    "id" TEXT NOT NULL,
    "provider" "ApiProvider" NOT NULL,
    "endpoint" TEXT NOT NULL,
    "request_type" TEXT NOT NULL,
    "success" BOOLEAN NOT NULL,
    "response_time_ms" INTEGER,
    "error_message" TEXT,
    "rate_limit_remaining" INTEGER,
    "timestamp" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "data_source_logs_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "data_source_logs_provider_timestamp_idx" ON "data_source_logs"("provider", "timestamp");

CREATE TABLE "data_availability" (
    "id" TEXT NOT NULL,
    "season" INTEGER NOT NULL,
    "week" INTEGER NOT NULL,
    "data_type" TEXT NOT NULL,
    "provider" "ApiProvider" NOT NULL,
    "available" BOOLEAN NOT NULL,
    "last_checked" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "message" TEXT,

    CONSTRAINT "data_availability_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "data_availability_season_week_data_type_provider_key" UNIQUE ("season", "week", "data_type", "provider")
);

CREATE INDEX "data_availability_season_week_idx" ON "data_availability"("season", "week");

-- Who is asked; the keys are given by hand, afterwards.
INSERT INTO "api_configurations" ("id", "provider", "name", "base_url", "rate_limit_per_minute", "updated_at") VALUES
    ('espn-scoreboard', 'ESPN', 'Scoreboard', 'https://espn.example/nfl/scoreboard', 60, CURRENT_TIMESTAMP),
    ('mysportsfeeds-games', 'MYSPORTSFEEDS', 'Games', 'https://feeds.example/v2/nfl/games', 30, CURRENT_TIMESTAMP),
    ('internal-mock', 'INTERNAL', 'Mock', 'http://localhost:3000/api/mock', NULL, CURRENT_TIMESTAMP);
