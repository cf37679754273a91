-- What is earned: invoices, hours, packages, requests, and the work that is shown.

create table public.invoices (
    id uuid not null default gen_random_uuid() primary key,
    invoice_number varchar(50) not null unique,
    organization_id uuid not null references public.organizations (id),
    client_id uuid not null references public.users (id),
    project_id uuid references public.projects (id),
    amount numeric(10, 2) not null,
    tax_amount numeric(10, 2) default 0,
    total_amount numeric(10, 2) not null,
    currency varchar(3) default 'USD',
    status varchar(50) not null default 'draft'
        constraint invoices_status_check
        check (status in ('draft', 'sent', 'paid', 'overdue', 'cancelled')),
    due_date date,
    paid_at timestamptz,
    stripe_invoice_id varchar(255),
    stripe_payment_intent_id varchar(255),
    line_items jsonb not null,
    notes text,
    created_at timestamptz default current_timestamp,
    updated_at timestamptz default current_timestamp
);

create table public.time_entries (
    id uuid not null default gen_random_uuid() primary key,
    user_id uuid not null references public.users (id),
    project_id uuid not null references public.projects (id),
    task_description text not null,
    hours numeric(5, 2) not null,
    billable boolean default true,
    hourly_rate numeric(8, 2),
    date date not null,
    start_time time without time zone,
    end_time time without time zone,
    created_at timestamptz default current_timestamp,
    updated_at timestamptz default current_timestamp
);

create table public.service_packages (
    id uuid not null default gen_random_uuid() primary key,
    name varchar(255) not null,
    slug varchar(255) not null unique,
    description text,
    service_category varchar(100) not null,
    service_tier varchar(50) not null,
    base_price numeric(10, 2) not null,
    estimated_hours integer,
    deliverables jsonb not null,
    inclusions jsonb default '[]',
    exclusions jsonb default '[]',
    is_active boolean default true,
    created_at timestamptz default current_timestamp,
    updated_at timestamptz default current_timestamp
);

create table public.client_requests (
    id uuid not null default gen_random_uuid() primary key,
    name varchar(255) not null,
    email varchar(255) not null,
    phone varchar(20),
    organization_name varchar(255),
    ensemble_type varchar(100) not null,
    service_category varchar(100) not null,
    service_tier varchar(50),
    project_description text,
    budget_range varchar(50),
    timeline varchar(100),
    status varchar(50) not null default 'new'
        constraint client_requests_status_check
        check (status in ('new', 'contacted', 'quoted', 'converted', 'declined')),
    assigned_to uuid references public.users (id),
    notes text,
    metadata jsonb default '{}',
    created_at timestamptz default current_timestamp,
    updated_at timestamptz default current_timestamp
);

create table public.portfolios (
    id uuid not null default gen_random_uuid() primary key,
    user_id uuid not null references public.users (id),
    title varchar(255) not null,
    description text,
    is_public boolean default true,
    cover_image_url text,
    settings jsonb default '{}',
    created_at timestamptz default current_timestamp,
    updated_at timestamptz default current_timestamp
);

create table public.portfolio_items (
    id uuid not null default gen_random_uuid() primary key,
    portfolio_id uuid not null references public.portfolios (id) on delete cascade,
    project_id uuid references public.projects (id),
    title varchar(255) not null,
    description text,
    image_url text,
    category varchar(100),
    tags text[] default '{}',
    order_index integer not null default 0,
    is_featured boolean default false,
    created_at timestamptz default current_timestamp
);

create trigger update_invoices_updated_at before update on public.invoices
    for each row execute function public.update_updated_at_column();
create trigger update_time_entries_updated_at before update on public.time_entries
    for each row execute function public.update_updated_at_column();
create trigger update_service_packages_updated_at before update on public.service_packages
    for each row execute function public.update_updated_at_column();
create trigger update_client_requests_updated_at before update on public.client_requests
    for each row execute function public.update_updated_at_column();
create trigger update_portfolios_updated_at before update on public.portfolios
    for each row execute function public.update_updated_at_column();
