-- own: values that many a comparison takes for one another
-- gate: data
-- finds: rows public.twins; columns public.twins
-- says: id = (1): changed in a_array, b_bytes, c_case, d_duration, e_empty, f_float, g_json, h_jsonb, i_infinity, j_big, k_line, l_letter, m_minus, n_nan, o_bool, p_range
-- on both
create table twins (
    id integer primary key, a_array text[], b_bytes bytea, c_case text, d_duration interval,
    e_empty text, f_float float8, g_json json, h_jsonb jsonb, i_infinity timestamptz, j_big bigint,
    k_line text, l_letter text, m_minus float8, n_nan numeric, o_bool boolean, p_range int4range
);
insert into twins values (
    1, '{1,2}', '\x00', 'Wallet', '1 day', 'NULL', 0.1, '{"a": 1, "b": 2}', 'null', 'infinity',
    9007199254740993, e'a\r\nb', U&'\0439', '-0', 'NaN', null, 'empty'
);
-- on after
update twins set a_array = '[0:1]={1,2}', b_bytes = '\x01', c_case = 'wallet', d_duration = '24:00',
    e_empty = null, f_float = 0.1 + 1e-17 + 2e-17, g_json = '{"b": 2, "a": 1}', h_jsonb = null,
    i_infinity = null, j_big = 9007199254740992, k_line = e'a\nb', l_letter = U&'\0438\0306',
    m_minus = 0, n_nan = null, o_bool = false, p_range = null;
