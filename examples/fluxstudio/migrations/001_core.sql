-- Who there is: people, organisations, teams, and the projects that they work on.
-- Plain statements: where one of these tables is there already, this fails and nothing of it stays.

create function public.update_updated_at_column() returns trigger
    language plpgsql
as $$
begin
    new.updated_at = current_timestamp;
    return new;
end
$$;

create table public.users (
    id uuid not null default gen_random_uuid() primary key,
    email varchar(255) not null unique,
    name varchar(255) not null,
    password_hash varchar(255),
    user_type varchar(50) not null
        constraint users_user_type_check check (user_type in ('client', 'designer', 'admin')),
    avatar_url text,
    phone varchar(20),
    timezone varchar(50) default 'America/New_York',
    preferences jsonb default '{}',
    oauth_provider varchar(50),
    oauth_id varchar(255),
    email_verified boolean default false,
    is_active boolean default true,
    last_login timestamptz,
    created_at timestamptz default current_timestamp,
    updated_at timestamptz default current_timestamp
);

create table public.organizations (
    id uuid not null default gen_random_uuid() primary key,
    name varchar(255) not null,
    slug varchar(255) not null unique,
    description text,
    type varchar(100) not null,
    location text,
    contact_email varchar(255),
    contact_phone varchar(20),
    website varchar(255),
    logo_url text,
    settings jsonb default '{}',
    subscription_tier varchar(50) default 'free',
    subscription_status varchar(50) default 'active',
    billing_email varchar(255),
    stripe_customer_id varchar(255),
    created_by uuid not null references public.users (id),
    created_at timestamptz default current_timestamp,
    updated_at timestamptz default current_timestamp
);

create table public.organization_members (
    id uuid not null default gen_random_uuid() primary key,
    organization_id uuid not null references public.organizations (id) on delete cascade,
    user_id uuid not null references public.users (id) on delete cascade,
    role varchar(50) not null
        constraint organization_members_role_check check (role in ('owner', 'admin', 'member')),
    permissions jsonb default '[]',
    invited_by uuid references public.users (id),
    joined_at timestamptz default current_timestamp,
    is_active boolean default true,
    unique (organization_id, user_id)
);

create table public.teams (
    id uuid not null default gen_random_uuid() primary key,
    name varchar(255) not null,
    description text,
    slug varchar(255) not null,
    organization_id uuid not null references public.organizations (id) on delete cascade,
    lead_id uuid references public.users (id),
    settings jsonb default '{}',
    is_private boolean default false,
    created_at timestamptz default current_timestamp,
    updated_at timestamptz default current_timestamp,
    unique (organization_id, slug)
);

create table public.team_members (
    id uuid not null default gen_random_uuid() primary key,
    team_id uuid not null references public.teams (id) on delete cascade,
    user_id uuid not null references public.users (id) on delete cascade,
    role varchar(50) not null
        constraint team_members_role_check check (role in ('lead', 'member', 'viewer')),
    permissions jsonb default '[]',
    joined_at timestamptz default current_timestamp,
    is_active boolean default true,
    unique (team_id, user_id)
);

create table public.projects (
    id uuid not null default gen_random_uuid() primary key,
    name varchar(255) not null,
    description text,
    slug varchar(255) not null,
    organization_id uuid not null references public.organizations (id) on delete cascade,
    team_id uuid references public.teams (id),
    manager_id uuid not null references public.users (id),
    client_id uuid references public.users (id),
    status varchar(50) not null default 'planning'
        constraint projects_status_check
        check (status in ('planning', 'active', 'on-hold', 'completed', 'cancelled')),
    priority varchar(50) not null default 'medium'
        constraint projects_priority_check check (priority in ('low', 'medium', 'high', 'urgent')),
    project_type varchar(100) not null,
    service_category varchar(100) not null,
    service_tier varchar(50) not null,
    ensemble_type varchar(100) not null,
    budget numeric(10, 2),
    estimated_hours integer,
    actual_hours integer default 0,
    start_date date,
    due_date date,
    completion_date date,
    metadata jsonb default '{}',
    settings jsonb default '{}',
    tags text[] default '{}',
    is_template boolean default false,
    template_id uuid references public.projects (id),
    created_at timestamptz default current_timestamp,
    updated_at timestamptz default current_timestamp,
    unique (organization_id, slug)
);

create index idx_users_email on public.users (email);
create index idx_users_oauth on public.users (oauth_provider, oauth_id);
create index idx_organizations_slug on public.organizations (slug);
create index idx_projects_organization on public.projects (organization_id);
create index idx_projects_status on public.projects (status);

create trigger update_users_updated_at before update on public.users
    for each row execute function public.update_updated_at_column();
create trigger update_organizations_updated_at before update on public.organizations
    for each row execute function public.update_updated_at_column();
create trigger update_teams_updated_at before update on public.teams
    for each row execute function public.update_updated_at_column();
create trigger update_projects_updated_at before update on public.projects
    for each row execute function public.update_updated_at_column();
