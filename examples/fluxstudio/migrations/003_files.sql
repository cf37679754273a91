-- What projects are made of: people, milestones, files, and who may do what with these.

create table public.project_members (
    id uuid not null default gen_random_uuid() primary key,
    project_id uuid not null references public.projects (id) on delete cascade,
    user_id uuid not null references public.users (id) on delete cascade,
    role varchar(50) not null
        constraint project_members_role_check
        check (role in ('manager', 'contributor', 'reviewer', 'viewer')),
    permissions jsonb default '[]',
    hourly_rate numeric(8, 2),
    joined_at timestamptz default current_timestamp,
    is_active boolean default true,
    unique (project_id, user_id)
);

create table public.project_milestones (
    id uuid not null default gen_random_uuid() primary key,
    project_id uuid not null references public.projects (id) on delete cascade,
    name varchar(255) not null,
    description text,
    due_date date,
    completed_at timestamptz,
    assigned_to uuid references public.users (id),
    order_index integer not null default 0,
    is_required boolean default true,
    created_at timestamptz default current_timestamp,
    updated_at timestamptz default current_timestamp
);

create table public.files (
    id uuid not null default gen_random_uuid() primary key,
    name varchar(255) not null,
    original_name varchar(255) not null,
    description text,
    file_path text not null,
    file_url text not null,
    thumbnail_url text,
    mime_type varchar(100) not null,
    file_size bigint not null,
    width integer,
    height integer,
    duration integer,
    pages integer,
    category varchar(50) not null default 'other'
        constraint files_category_check
        check (category in ('design', 'reference', 'final', 'feedback', 'other')),
    status varchar(50) not null default 'draft'
        constraint files_status_check check (status in ('draft', 'review', 'approved', 'rejected')),
    version integer not null default 1,
    is_latest boolean default true,
    parent_file_id uuid references public.files (id),
    project_id uuid references public.projects (id) on delete cascade,
    organization_id uuid not null references public.organizations (id) on delete cascade,
    uploaded_by uuid not null references public.users (id),
    metadata jsonb default '{}',
    created_at timestamptz default current_timestamp,
    updated_at timestamptz default current_timestamp
);

create table public.file_permissions (
    id uuid not null default gen_random_uuid() primary key,
    file_id uuid not null references public.files (id) on delete cascade,
    user_id uuid references public.users (id) on delete cascade,
    team_id uuid references public.teams (id) on delete cascade,
    permission_type varchar(50) not null
        constraint file_permissions_permission_type_check
        check (permission_type in ('read', 'write', 'delete', 'share')),
    granted_by uuid not null references public.users (id),
    granted_at timestamptz default current_timestamp,
    constraint file_permissions_one_grantee check (num_nonnulls(user_id, team_id) = 1)
);

create index idx_files_project on public.files (project_id);
create index idx_files_organization on public.files (organization_id);

create trigger update_project_milestones_updated_at before update on public.project_milestones
    for each row execute function public.update_updated_at_column();
create trigger update_files_updated_at before update on public.files
    for each row execute function public.update_updated_at_column();
