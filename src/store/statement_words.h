// Ends of statements that are the same in many. Macros, since Sql takes literals only, and only
// literals can be put together from these. For the tables of statements alone.
#pragma once

// Of what its place in the list stands for already; `pattern` is of LIKE.
#define IS_NAMED(pattern) "AND lower(name) LIKE lower(" pattern ") ESCAPE '\\' "
#define NEWEST_FIRST "ORDER BY created_at DESC, id DESC LIMIT "
// By its key: those after $1, and with $2 = 1 that one as well (the first of all comes after
// nothing).
#define READ_ON(key) "WHERE " key " >= $1 AND ($2 = 1 OR " key " <> $1) ORDER BY " key " LIMIT $3"
