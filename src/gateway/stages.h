// The stages of a call, each in the file of its name. gateway.cpp has their order and its reasons.
#pragma once

#include <functional>
#include <string>

#include "gateway/call.h"
#include "gateway/tool_error.h"
#include "io/task.h"

namespace patchbay::gateway {

// Arguments against the tool's schema; gathers violations.
void validate(Call& call);
// upload.cpp: the file among the arguments, in base64 or as text, to bytes; gathers violations.
Step<> take_file(Call& call);
// Times in whatever zone to UTC; gathers violations, and stops if there are any by now.
Step<> times(Call& call);
// Names to records, and whether they may stand together.
io::Task<Step<>> references(Call& call);
// Custom fields by caption to what the API takes.
io::Task<Step<>> custom_fields(Call& call);
// Arguments to path, query, filter expression and body.
Step<> bind(Call& call);
// Sends, and makes the answer the text of a result: a page of records …
io::Task<Step<std::string>> list(Call& call);
// … how many a list has, in place of them …
io::Task<Step<std::string>> count(Call& call);
// … a file …
io::Task<Step<std::string>> download(Call& call);
// … one record …
io::Task<Step<std::string>> get(Call& call);
// … or what became of a write.
io::Task<Step<std::string>> write(Call& call);

// … or what several calls found, each of which goes through this same corridor.
io::Task<Step<std::string>> composite(Call& call);

// In place of a write: the request that it would have sent.
Step<std::string> dry_run(Call& call);

// Refuses a create that would repeat a record made moments ago.
io::Task<Step<>> refuse_duplicate(Call& call);
// The last door of a write: once for each idempotency key, and not what is there already.
io::Task<Step<std::string>> write_once(Call& call);

// ---- parts that several stages use
// ---------------------------------------------------------------

// gateway.cpp: the doors before the last.
io::Task<Step<>> prepare(Call& call);

// list.cpp: a page that has been read, and is written within so many bytes as often as is asked.
// The call must live until then.
using PageWriter = std::function<std::string(std::size_t room)>;
io::Task<Step<PageWriter>> read_page(Call& call);

// fields.cpp: the value of the upstream's fields parameter: what the caller asked for, or
// `otherwise`; always with the id and `also`. "" for everything. Error: an unknown name.
Step<std::string> choose_fields(const Call& call, const std::vector<std::string>& otherwise,
                                const std::vector<std::string>& also);

// known_filters.cpp: of a list that came back empty: whether what its filters name exists.
io::Task<Step<>> check_filters_name_something(Call& call);

// applied.cpp: adds a notice of what a write sent and the record that came back does not have.
void compare_with_sent(Call& call, const json::Value& record);

// bind.cpp: the path with its placeholders filled from the arguments.
Step<std::string> fill_path(const Call& call, std::string_view path);

// record.cpp: "resolved": what each name in the arguments became, as a member; "" if there was
// none.
std::string resolved_member(const Call& call);
// record.cpp: the record within the size cap, with further members and the call's notice.
std::string assemble_record(Call& call, std::string record, std::string members);

// custom_fields.cpp: a shaped record with its custom fields as {caption: value}.
std::string compact_custom_fields(const Call& call, std::string shaped);

// upload.cpp: the request's body with the file in it, and what a dry run shows of the file.
void add_multipart_body(const Call& call, upstream::Request& request);
json::Object shown_file(const Call& call);

// upstream_error.cpp: what to do about a write that may or may not have happened.
std::string search_first(const Call& call);

// references.cpp: what is there in place of a name that the upstream does not know, as a sentence.
// "" if that cannot be told.
io::Task<std::string> candidates_for(Call& call, const integration::Argument& argument);

// upstream_error.cpp: an answer that is no 2xx, said for a model.
io::Task<ToolError> read_refusal(Call& call, const upstream::Answer& answer, bool may_change,
                                 const integration::Resource& about);

// siblings.cpp: whether what was not found is a record of the resource's sibling, said in the
// error.
io::Task<> look_at_sibling(Call& call, ToolError& error);
// The label of the resource's sibling, if that has a record of this id; else "".
io::Task<std::string> sibling_that_has(Call& call, const integration::Resource& resource,
                                       json::Value id);

// "a=1&b=2", percent-encoded. Skips empty values.
void add_parameter(std::string& query, std::string_view name, std::string_view value);

}  // namespace patchbay::gateway
