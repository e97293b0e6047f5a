// What is looked at before something is written, and told or refused for what it is: a second
// record of the same, records of two owners brought together, what hangs on a field that changes.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "json/value.h"

namespace patchbay::integration {

// A write that would make what is there already is refused unless the caller insists.
struct DuplicateGuard {
  std::string resource;  // where the same would stand; empty: the method's own resource
  // Fields of the record to be made. All must be given, and are equal in what is the same.
  std::vector<std::string> fields;
  std::vector<std::string> optional;  // the same, where they are given
  // Compared without regard to case and outer blanks with what the list gives, since a condition
  // cannot: long texts, members of lists ("communicationItems/value").
  std::vector<std::string> compared;
  std::map<std::string, std::string> where;  // field of that resource → the argument it equals
  // Field → the field that says the same of a record whose maker left it out: the member of a time
  // entry is who entered it.
  std::map<std::string, std::string> otherwise;
  std::string created;             // the field that says when a record was made,
  std::string changed;             // or where the API does not tell that, when it was changed last
  std::chrono::minutes within{0};  // 0: however long ago
};

// Records that must not overlap in time without being told: another of the same `of`.
struct Overlap {
  std::string from;  // fields: "timeStart", "timeEnd"; empty: nothing to compare
  std::string to;
  std::string hours;              // how long it is where `to` is not given
  std::string of;                 // "member"
  std::vector<std::string> show;  // what is told of the other record
};

// A flag of the record that a looked-at record's reference names: won, of an opportunity's status.
struct Holds {
  std::string field;     // "status"
  std::string resource;  // "opportunity_statuses"
  std::string flag;      // "wonFlag"
  std::string unless;    // the argument that says to go on all the same: "allow_not_won"
};

// Records that a write touches: read before it, told beside its answer and in a dry run.
struct LookedAt {
  std::string resource;
  // Which resource, where an argument chooses it: its values, and the resource of each.
  std::string by;
  std::map<std::string, std::string> resources;
  std::vector<std::string> ids;    // arguments that hold ids
  std::vector<std::string> show;   // fields; of those, what the resource has
  std::vector<std::string> agree;  // references that must be the same in all of them
  std::vector<Holds> holds;
  bool again =
      false;  // read once more after the write, since its answer does not say what came of it
};

// A field that repeats something of the record that another field names, and must follow it.
struct Copy {
  std::string field;  // "contactEmailAddress"
  std::string of;     // "contact"
  // Of that record: one field, or several joined by a blank; or, in the member of `list` that has
  // `where`, that field.
  std::string value;
  std::string list;
  std::map<std::string, std::string> where;
};

// What staff would be warned of when they work for such a record: a flag of what one of its fields
// names.
struct Warning {
  std::string field;     // "status"
  std::string resource;  // "company_statuses"
  std::string flag;      // "notifyFlag"
  std::string text;      // the field with the warning's words
};

// What is told of a write when the record that came back is not what one would take it for: a
// status called Closed that does not close, an invoice that bills nothing.
struct Remark {
  std::string given;               // the argument that the call must have given; empty: any call
  std::vector<std::string> named;  // and whose record's name has one of these; empty: any
  std::map<std::string, json::Value> when;  // fields of the record
  std::string text;
};

}  // namespace patchbay::integration
