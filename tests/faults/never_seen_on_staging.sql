-- own: what is to go to production was never seen to go well on staging
-- gate: pre
-- finds: promote staging
-- says: staging: no run has a verdict of its data gate in gatepost-runs
-- toml: [targets.staging]
-- toml: url = "postgresql://staging/pool"
-- toml: [promote]
-- toml: from = "staging"
-- on after
select 1;
