// Contacts, their notes and their communications: /company/contacts.
#include "sandbox/modules/company/contacts.h"

#include "sandbox/modules/company/contacts_communications.h"
#include "sandbox/modules/company/user_defined_fields.h"
#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

Cell full_name(const Database& db, const Record& record) {
  const Table& contacts = db.table("contacts");
  const std::string first = text_or(contacts.at(record, "firstName"), "");
  const std::string last = text_or(contacts.at(record, "lastName"), "");
  return last.empty() ? first : first + " " + last;
}

constexpr FieldSpec kContactTypeFields[] = {
    text("description").is_required(),
    boolean("defaultFlag").or_else(false),
};

constexpr FieldSpec kCommunicationTypeFields[] = {
    text("description").is_required(),     boolean("phoneFlag").or_else(false),
    boolean("faxFlag").or_else(false),     boolean("emailFlag").or_else(false),
    boolean("defaultFlag").or_else(false),
};

constexpr FieldSpec kCommunicationItemFields[] = {
    integer("id"),
    reference("type", "communicationTypes"),
    text("value"),
    text("extension"),
    boolean("defaultFlag"),
    text("domain"),
    choice("communicationType", "Email, Fax, Phone"),
};

constexpr FieldSpec kContactFields[] = {
    text("firstName").is_required().at_most(30),
    text("lastName").at_most(30),
    text("name").is_hidden().read_by(full_name),
    reference("company", "companies"),
    reference("site", "companySites").within("company"),
    text("addressLine1"),
    text("addressLine2"),
    text("city"),
    text("state"),
    text("zip"),
    reference("country", "countries"),
    text("relationshipOverride"),
    boolean("inactiveFlag").or_else(false),
    reference("managerContact", "contacts"),
    reference("assistantContact", "contacts"),
    text("title").at_most(100),
    text("school"),
    text("nickName"),
    boolean("marriedFlag").or_else(false),
    boolean("childrenFlag").or_else(false),
    text("significantOther"),
    text("portalPassword").is_input_only(),
    integer("portalSecurityLevel"),
    boolean("disablePortalLoginFlag").or_else(true),
    boolean("unsubscribeFlag").or_else(false),
    choice("gender", "Female, Male"),
    text("birthDay"),
    text("anniversary"),
    text("mobileGuid").is_read_only(),
    text("facebookUrl"),
    text("twitterUrl"),
    text("linkedInUrl"),
    text("defaultPhoneType").is_read_only(),
    text("defaultPhoneNbr").is_read_only(),
    text("defaultPhoneExtension").is_read_only(),
    boolean("defaultBillingFlag").or_else(false),
    boolean("defaultFlag").or_else(false),
    reference("companyLocation", "locations"),
    rows("communicationItems", kCommunicationItemFields),
    references("types", "contactTypes"),
    custom_field_values(),
    boolean("ignoreDuplicates").or_else(false).not_filterable(),
};

constexpr InfoMember kContactReferenceInfo[] = {{"mobileGuid", "", "mobileGuid"}};

constexpr InfoMember kContactInfo[] = {
    {"communications_href", "company/contacts/{id}/communications"},
    {"notes_href", "company/contacts/{id}/notes"},
    {"tracks_href", "company/contacts/{id}/tracks"},
    {"portalSecurity_href", "company/contacts/{id}/portalSecurity"},
    {"activities_href", "sales/activities?conditions=contact/id={id}"},
    {"documents_href", "system/documents?recordType=Contact&recordId={id}"},
    {"configurations_href", "company/configurations?conditions=contact/id={id}"},
    {"tickets_href", "service/tickets?conditions=contact/id={id}"},
    {"opportunities_href", "sales/opportunities?conditions=contact/id={id}"},
    {"projects_href", "project/projects?conditions=contact/id={id}"},
    {"image_href", "company/contacts/{id}/image?lastModified={lastUpdated}"},
};

constexpr Rules kContactRules = {
    .fill =
        [](const WriteContext& context, Record& record) {
          const Table& table = context.table;
          const FieldSpec& items = table.fields()[table.column("communicationItems")];
          const auto* all = std::get_if<Rows>(&table.at(record, "communicationItems"));
          if (all == nullptr) return;
          for (const Row& row : *all) {
            if (text_or(row.cells[6], "") != "Phone" || !bool_or(row.cells[4], false)) continue;
            const Table* types = context.db.find_table(items.row_fields[1].target);
            const Record* type = types->find(reference_or(row.cells[1], 0));
            table.at(record, "defaultPhoneNbr") = row.cells[2];
            if (type != nullptr)
              table.at(record, "defaultPhoneType") = types->at(*type, "description");
          }
        },
    .stored = [](const WriteContext& context,
                 const Record& contact) { spread_communications(context.db, contact.id); },
    .deleted =
        [](Database& db, const Record& contact) {
          erase_children(db, "contactCommunications", contact.id);
          erase_children(db, "contactNotes", contact.id);
        },
};

constexpr FieldSpec kContactNoteFields[] = {
    reference("contact", "contacts").is_hidden(),
    integer("contactId").id_of("contact"),
    text("text").is_required(),
    reference("type", "noteTypes").or_else_default(),
    boolean("flagged").or_else(false),
    text("enteredBy").is_read_only(),
};

constexpr FieldSpec kContactCommunicationFields[] = {
    reference("contact", "contacts").is_hidden(),
    integer("contactId").id_of("contact"),
    reference("type", "communicationTypes").is_required(),
    text("value").at_most(250).is_required(),
    text("extension").at_most(15),
    boolean("defaultFlag").or_else(false),
    text("mobileGuid").is_read_only(),
    choice("communicationType", "Email, Fax, Phone").is_read_only(),
    text("domain"),
};

constexpr ResourceSpec kContactResources[] = {
    {
        .name = "contactTypes",
        .path = "company/contacts/types",
        .type = "ContactType",
        .label = "Contact Type",
        .href = "type",
        .fields = kContactTypeFields,
        .reference_form = kIdAndDescriptionAsName,
    },
    {
        .name = "communicationTypes",
        .path = "company/communicationTypes",
        .type = "CommunicationType",
        .label = "Communication Type",
        .href = "type",
        .fields = kCommunicationTypeFields,
        .reference_form = kIdAndDescriptionAsName,
    },
    {
        .name = "contacts",
        .path = "company/contacts",
        .type = "Contact",
        .label = "Contact",
        .href = "contact",
        .fields = kContactFields,
        .more_fields = kUserDefinedFields,
        .reference_info = kContactReferenceInfo,
        .info = kContactInfo,
        .rules = &kContactRules,
    },
    {
        .name = "contactNotes",
        .path = "company/contacts/{contact}/notes",
        .type = "ContactNote",
        .label = "Contact Note",
        .fields = kContactNoteFields,
        .stamps = kStampsWithoutEnteredBy,
    },
    {
        .name = "contactCommunications",
        .path = "company/contacts/{contact}/communications",
        .type = "ContactCommunication",
        .label = "Communication",
        .fields = kContactCommunicationFields,
        .rules = &kCommunicationRules,
    },
};

}  // namespace

std::span<const ResourceSpec> contact_resources() {
  return kContactResources;
}

}  // namespace patchbay::sandbox
