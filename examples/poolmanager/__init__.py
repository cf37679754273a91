"""The PoolManager migration: pending Prisma migrations change production's own database."""
