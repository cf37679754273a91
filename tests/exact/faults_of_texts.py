"""What happens to texts, by which program or setting it ever was."""

from __future__ import annotations

from tests.exact.value_faults import ValueFault

FAULTS = (
    ValueFault("NULL became empty", "text", "null", "''", "NULL before, '' after"),
    ValueFault("empty became NULL", "text", "''", "null", "'' before, NULL after"),
    ValueFault(
        "NULL became a word", "text", "null", "'NULL'", "NULL before, the text 'NULL' after"
    ),
    ValueFault(
        "NULL became undefined",
        "varchar(20)",
        "null",
        "'undefined'",
        "NULL before, the text 'NULL' after",
    ),
    ValueFault(
        "trailing blank lost", "text", "'name ' || n || ' '", "rtrim(v)", "trailing blanks lost"
    ),
    ValueFault(
        "trailing blank gained", "varchar(20)", "'name ' || n", "v || ' '", "trailing blanks gained"
    ),
    ValueFault(
        "trailing newline lost",
        "text",
        "'name ' || n || chr(10)",
        "rtrim(v, chr(10))",
        "trailing white space lost",
    ),
    ValueFault("leading blank lost", "text", "' name ' || n", "ltrim(v)", "leading blanks lost"),
    ValueFault("blanks of char without length", "bpchar", "'ab  '", "'ab'", "trailing blanks"),
    ValueFault("lower case", "text", "'Wallet7xKQ' || n", "lower(v)", "became lower case"),
    ValueFault("upper case", "varchar(30)", "'straight ' || n", "upper(v)", "became upper case"),
    ValueFault("first letters", "text", "'Anna McKern ' || n", "initcap(v)", "case changed"),
    ValueFault(
        "cut at 255",
        "text",
        "repeat('abcdefg', 60) || n",
        "left(v, 255)",
        "truncated at 255 characters",
    ),
    ValueFault(
        "cut at 10,000",
        "text",
        "repeat(md5(n::text), 2000)",
        "left(v, 10000)",
        "truncated at 10,000 characters",
    ),
    ValueFault(
        "cut with dots",
        "text",
        "'a long description of ' || n",
        "left(v, 10) || '…'",
        "truncated at 10 characters, dots added",
    ),
    ValueFault(
        "last character lost", "text", "'thirteen cha' || n", "left(v, -1)", "last character lost"
    ),
    ValueFault("written twice", "text", "'Weiß ' || n", "v || v", "written twice over"),
    ValueFault(
        "mojibake of Latin-1",
        "text",
        "'Zürich ' || n",
        "convert_from(convert_to(v, 'UTF8'), 'LATIN1')",
        "mojibake (UTF-8 read as Latin-1)",
    ),
    ValueFault(
        "mojibake of Windows-1252",
        "text",
        "U&'5 \\20AC \\2013 ' || n",
        "convert_from(convert_to(v, 'UTF8'), 'WIN1252')",
        "mojibake (UTF-8 read as Windows-1252)",
    ),
    ValueFault(
        "mojibake of Windows-1251",
        "text",
        "'привет ' || n",
        "convert_from(convert_to(v, 'UTF8'), 'WIN1251')",
        "mojibake (UTF-8 read as Windows-1251)",
    ),
    ValueFault(
        "mojibake twice",
        "text",
        "'Zürich ' || n",
        "convert_from(convert_to(convert_from(convert_to(v, 'UTF8'), 'LATIN1'), 'UTF8'), 'LATIN1')",
        "mojibake (UTF-8 read as Latin-1, twice)",
    ),
    ValueFault(
        "mojibake repaired",
        "text",
        "'ZÃ¼rich ' || n",
        "convert_from(convert_to(v, 'LATIN1'), 'UTF8')",
        "mojibake repaired (UTF-8 read as Latin-1)",
    ),
    ValueFault(
        "letters lost",
        "text",
        "'Zürich ' || n",
        "replace(v, 'ü', U&'\\FFFD')",
        "characters became U+FFFD",
    ),
    ValueFault(
        "letters became question marks",
        "text",
        "'Ωμέγα ' || n",
        "'????? ' || id",
        "non-ASCII characters became '?'",
    ),
    ValueFault(
        "accents stripped", "text", "'Müller ' || n", "replace(v, 'ü', 'u')", "accents stripped"
    ),
    ValueFault("accents apart", "text", "'Müller ' || n", "normalize(v, NFD)", "Unicode form"),
    ValueFault("byte order mark", "text", "'id' || n", "chr(65279) || v", "byte order mark new"),
    ValueFault(
        "no-break space",
        "text",
        "'10' || chr(160) || 'km ' || n",
        "replace(v, chr(160), ' ')",
        "no-break space became",
    ),
    ValueFault(
        "emoji lost",
        "text",
        "'hello 😀 ' || n",
        "replace(v, '😀', '')",
        "characters beyond U+FFFF lost",
    ),
    ValueFault(
        "newline escaped",
        "text",
        "'a' || chr(10) || 'b' || n",
        "replace(v, chr(10), '\\n')",
        "newline became \\n",
    ),
    ValueFault(
        "CRLF became LF",
        "text",
        "'a' || chr(13) || chr(10) || n",
        "replace(v, chr(13), '')",
        "CRLF became LF",
    ),
    ValueFault(
        "tab became a blank",
        "text",
        "'a' || chr(9) || n",
        "replace(v, chr(9), ' ')",
        "tab became a blank",
    ),
    ValueFault(
        "backslashes doubled",
        "text",
        "'C:\\dir\\' || n",
        "replace(v, '\\', '\\\\')",
        "backslashes doubled",
    ),
    ValueFault(
        "quotes doubled",
        "text",
        "'it''s ' || n",
        "replace(v, '''', '''''')",
        "single quotes doubled",
    ),
    ValueFault(
        "quotes around", "text", "'Smith, ' || n", "'\"' || v || '\"'", "wrapped in double quotes"
    ),
    ValueFault(
        "HTML escaped",
        "text",
        "'R&D <' || n || '>'",
        "'R&amp;D &lt;' || id || '&gt;'",
        "HTML-escaped",
    ),
    ValueFault("percent encoded", "text", "'a b/' || n", "'a%20b/' || id", "percent-encoded"),
    ValueFault(
        "curly quotes became plain",
        "text",
        "'“so” ' || n",
        "'\"so\" ' || id",
        "typographic punctuation became plain",
    ),
    ValueFault(
        "leading zeros lost",
        "varchar(12)",
        "'00' || n || '7'",
        "ltrim(v, '0')",
        "leading zeros lost",
    ),
    ValueFault(
        "number in a text",
        "text",
        "'123456789' || n",
        "'1.234567893e+09'",
        "number became scientific notation",
    ),
    ValueFault(
        "leading slash lost",
        "text",
        "'/posts/' || n || '.jpg'",
        "ltrim(v, '/')",
        "leading slash lost",
    ),
    ValueFault(
        "letter of another alphabet",
        "text",
        "U&'p\\0430ypal ' || n",
        "replace(v, U&'\\0430', 'a')",
        "one character changed",
    ),
    ValueFault(
        "letter behind long text",
        "text",
        "repeat('x', 3000) || 'a' || n",
        "repeat('x', 3000) || 'b' || id",
        "another value",
    ),
    ValueFault(
        "letters swapped", "text", "'recieve ' || n", "replace(v, 'ie', 'ei')", "characters swapped"
    ),
    ValueFault(
        "name in another case", "name", "'Table' || n", "lower(v::text)", "became lower case"
    ),
    ValueFault("letter", '"char"', "'a'", "'b'", "one character changed"),
    ValueFault(
        "domain cut", "short", "'seven' || n || n", "left(v, 5)", "truncated at 5 characters"
    ),
    ValueFault(
        "swapped between rows",
        "text",
        "'name ' || n",
        "'name ' || (5 - id)",
        "changed places",
        rows=(2, 3),
    ),
    ValueFault(
        "swapped between columns",
        "text",
        "'given ' || n",
        "w, w = v",
        "swapped",
        beside="'family ' || n",
    ),
)
