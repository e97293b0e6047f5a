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
  // Of those in `fields`: what may be left out, and is empty in what is the same.
  std::vector<std::string> or_empty;
  std::vector<std::string> optional;  // the same, where they are given
  // Days that the API keeps as times. Two are the same day whatever the time of day; fields of the
  // type date are anyway.
  std::vector<std::string> days;
  // Compared without regard to case and blanks with what the list gives, since a condition cannot:
  // long texts, members of lists ("communicationItems/value").
  std::vector<std::string> compared;
  bool addresses_only =
      false;  // of those texts: what people share, as a phone number, is the same of none
  std::map<std::string, std::string> at;  // of those: where they stand in `resource`, if elsewhere
  // Field of that resource → the argument, or the field that is inherited, that it equals.
  std::map<std::string, std::string> where;
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

// What must be so of a looked-at record: a flag of the record that one of its references names
// (won, of an opportunity's status), or that a field is empty (a ticket was not merged before).
struct Holds {
  std::string field;     // "status"
  bool empty = false;    // then there is neither resource nor flag
  std::string resource;  // "opportunity_statuses"
  std::string flag;      // "wonFlag"
  std::string unless;    // the argument that says to go on all the same: "allow_not_won"
};

// Records of another resource that belong to one: how many, and what they come to.
struct Total {
  std::string of;                            // only of records of this resource; empty: of any
  std::string resource;                      // "time_entries"
  std::map<std::string, std::string> where;  // their field → the field of the record that it equals
  std::map<std::string, json::Value> only;   // their field → its value, a list of them, or null
  std::map<std::string, std::string> sums;   // what it is told as → the field that is added up
};

// What other records keep of a field's old value when it changes: time booked on a ticket's
// agreement stays on it.
struct Staying {
  std::string field;
  Total total;
};

// A field that a record has from another which it names: a note's company is its ticket's.
struct Inherited {
  std::string field;  // "company", of both
  std::string from;   // the argument, or the field, with the other's id: "chargeToId"
  // Whose id that is; or by which field one is chosen, with its values and the resource of each.
  std::string resource;
  std::string by;
  std::map<std::string, std::string> resources;
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
  std::vector<std::string> told;   // references that may differ, which is then told
  std::vector<Holds> holds;
  std::map<std::string, Total> totals;  // by what they are told as
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
  // Fields of what `given` names, by which a dry run can tell: {closedStatus: false}.
  std::map<std::string, json::Value> foretold;
  std::string text;
};

}  // namespace patchbay::integration
