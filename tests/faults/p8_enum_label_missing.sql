-- P8: the label was never added, while the ledger says that it was
-- gate: data
-- finds: schema enum public.AuctionStatus
-- says: labels SCHEDULED, ACTIVE, PAUSED, COMPLETED, CANCELLED before, SCHEDULED, ACTIVE, COMPLETED
-- on after
drop type "AuctionStatus";
create type "AuctionStatus" as enum ('SCHEDULED', 'ACTIVE', 'COMPLETED', 'CANCELLED');
