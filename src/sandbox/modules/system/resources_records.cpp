// Documents, callbacks and the audit trail: /system.
#include "sandbox/records/database.h"
#include "sandbox/records/declaration.h"
#include "sandbox/records/record_access.h"

namespace patchbay::sandbox {
namespace {

Resource documents() {
  Resource made = resource(
      "documents", "system/documents", "DocumentInfo", "Document", "document",
      {text("recordType").is_hidden(), integer("recordId").is_hidden(), text("content").is_hidden(),
       text("mediaType").is_hidden(), text("title"), text("fileName"), text("serverFileName"),
       text("owner"), boolean("linkFlag").or_else(false), boolean("imageFlag").or_else(false),
       boolean("publicFlag").or_else(false), boolean("htmlTemplateFlag").or_else(false),
       boolean("readOnlyFlag").or_else(false), integer("size"), boolean("urlFlag").or_else(false),
       date_time("createdOnDate").is_read_only(), text("guid")});
  made.reference_form = {{"id", "id"}, {"title", "title"}};
  made.methods.patch = false;
  made.methods.replace = false;
  made.methods.create = false;  // by multipart: special_documents.cpp
  made.methods.list = false;
  return made;
}

Resource callbacks() {
  Resource made = resource(
      "callbacks", "system/callbacks", "CallbackEntry", "Callback", "callback",
      {text("description").at_most(100), text("url").is_required(),
       integer("objectId").is_required(), text("type").is_required(), text("level").is_required(),
       integer("memberId"), text("payloadVersion").or_else("3.0.0"),
       boolean("inactiveFlag").or_else(false), boolean("isSoapCallbackFlag").or_else(false),
       boolean("isSelfSuppressedFlag").or_else(false), text("connectWiseID")});
  made.rules = callback_rules();
  return made;
}

Resource audit_trail() {
  Resource made = resource("auditTrail", "system/audittrail", "AuditTrailEntry", "Audit trail", "",
                           {text("recordType").is_hidden(), integer("recordId").is_hidden(),
                            text("text"), date_time("enteredDate"), text("enteredBy"),
                            text("auditType"), text("auditSubType"), text("auditSource")});
  made.methods = kUnserved;  // it goes by type and id, its entries have none: special_audit.cpp
  return made;
}

}  // namespace

void add_record_resources(std::vector<Resource>& out) {
  out.push_back(documents());
  out.push_back(callbacks());
  out.push_back(audit_trail());
}

}  // namespace patchbay::sandbox
