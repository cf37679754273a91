-- P8: the label was never added, while the ledger says that it was
-- gate: data
-- finds: schema public.AuctionStatus
-- says: public.AuctionStatus
-- on after
drop type "AuctionStatus";
create type "AuctionStatus" as enum ('SCHEDULED', 'ACTIVE', 'COMPLETED', 'CANCELLED');
