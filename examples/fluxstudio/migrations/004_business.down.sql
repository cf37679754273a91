-- Takes 004 back.

drop table public.portfolio_items;
drop table public.portfolios;
drop table public.client_requests;
drop table public.service_packages;
drop table public.time_entries;
drop table public.invoices;
