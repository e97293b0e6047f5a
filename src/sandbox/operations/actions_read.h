// The standard operations, the same for every resource.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "sandbox/operations/call.h"
#include "sandbox/operations/render.h"
#include "sandbox/records/api_error.h"

namespace patchbay::sandbox {

// `parent`: for resources below another record; the record is known to exist.
using Parent = std::optional<std::int64_t>;

// The records that conditions, childConditions and customFieldConditions leave, in their order.
Answer<std::vector<const Record*>> select(const Call& call, const Table& table, Parent parent);

Answer<http::Response> list(const Call& call, const Table& table, Parent parent);
Answer<http::Response> count(const Call& call, const Table& table, Parent parent);
Answer<http::Response> get(const Call& call, const Table& table, const Record& record);
Answer<http::Response> create(const Call& call, Table& table, Parent parent);
Answer<http::Response> patch(const Call& call, Table& table, const Record& record);
Answer<http::Response> replace(const Call& call, Table& table, const Record& record);
Answer<http::Response> remove(const Call& call, Table& table, const Record& record);

// Writes a new record by the rules of its resource, as POST does with `body`.
Answer<const Record*> create_record(const Call& call, Table& table, Parent parent,
                                    const json::Value& body);

}  // namespace patchbay::sandbox
