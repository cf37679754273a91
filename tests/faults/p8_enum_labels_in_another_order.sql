-- P8: all labels are there, in the order in which they were added: they sort otherwise
-- gate: data
-- finds: schema enum public.SellType
-- says: FIXED_PRICE, AUCTION before, AUCTION, FIXED_PRICE after
-- on after
drop type "SellType";
create type "SellType" as enum ('AUCTION', 'FIXED_PRICE');
