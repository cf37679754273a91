-- X9: exit status 0, "completed successfully", and whole collections were never read
-- gate: data
-- finds: rows public.flash_sales; rows public.creator_tier_settings
-- says: public.flash_sales: 2 rows before, 0 after; 2 gone
-- says: public.creator_tier_settings: 14 rows before, 0 after; 14 gone
-- on after
delete from flash_sales;
delete from creator_tier_settings;
