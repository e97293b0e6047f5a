// The MSP's customers, their sites, people and agreements.
#include <array>
#include <chrono>

#include <fmt/core.h>

#include "base/text.h"
#include "sandbox/modules/company/contacts_communications.h"
#include "sandbox/seed/context.h"
#include "sandbox/seed/parts.h"

namespace patchbay::sandbox {
namespace {

// As people write them: the API keeps what was entered, and compares it as text.
std::string phone_number(int digits) {
  const auto plain = fmt::format("555{:07}", digits);
  const auto area = plain.substr(0, 3);
  const auto office = plain.substr(3, 3);
  const auto line = plain.substr(6);
  switch (digits % 4) {
    case 0:
      return plain;
    case 1:
      return fmt::format("({}) {}-{}", area, office, line);
    case 2:
      return fmt::format("{}.{}.{}", area, office, line);
    default:
      return fmt::format("+1 {} {} {}", area, office, line);
  }
}

// Some share a part of their names ("Northwind", "Summit", "Harbor"): a partial name is ambiguous.
constexpr const char* kNames[] = {"Acme Corp",
                                  "Acme Industrial Supply",
                                  "Northwind Traders",
                                  "Northwind Logistics",
                                  "Summit Dental Group",
                                  "Summit Law Partners",
                                  "Harbor Freight Lines",
                                  "Harbor View Hotel",
                                  "Bluebird Bakery",
                                  "Cedar Grove Clinic",
                                  "Delta Print Works",
                                  "Evergreen Landscaping",
                                  "Falcon Manufacturing",
                                  "Granite State Credit Union",
                                  "Hilltop School District",
                                  "Ironworks Fitness",
                                  "Juniper & Sons Plumbing",
                                  "Keystone Architects",
                                  "Lakeside Veterinary",
                                  "Maple Leaf Insurance",
                                  "Nova Biotech",
                                  "Oakwood Senior Living",
                                  "Pinnacle Realty",
                                  "Quarry Stone Builders",
                                  "Riverside Auto Parts",
                                  "Silverline Couriers",
                                  "Tidewater Seafood",
                                  "Union Street Theatre",
                                  "Valley Orthopedics",
                                  "Westgate Pharmacy",
                                  "Xenon Lighting",
                                  "Yellow Door Cafés",
                                  "Zenith Aerospace",
                                  "Beacon Charity Trust",
                                  "Copperfield Publishing",
                                  "Driftwood Furniture",
                                  "Elm Street Dental",
                                  "Foxglove Florists",
                                  "Golden Gate Imports",
                                  "Hawthorne Accounting",
                                  "Inland Farm Equipment",
                                  "Jubilee Events",
                                  "Kingfisher Charters",
                                  "Lighthouse Media"};

constexpr const char* kTrades[] = {"Consulting",  "Dental",   "Logistics", "Foods",
                                   "Engineering", "Partners", "Clinic",    "Supplies",
                                   "Hotels",      "Motors",   "Textiles",  "Studios"};
constexpr const char* kFirst[] = {"James",  "Mary",   "Robert",  "Patricia", "Michael", "Jennifer",
                                  "David",  "Elena",  "William", "Susan",    "Ahmed",   "Karen",
                                  "Luis",   "Nancy",  "Wei",     "Margaret", "Paul",    "Sandra",
                                  "Andrew", "Olivia", "Joshua",  "Chloé",    "Brian",   "Amanda"};
constexpr const char* kLast[] = {"Anderson", "Brooks", "Carter",    "Diaz",    "Edwards", "Foster",
                                 "Gomez",    "Hughes", "Ivanov",    "Jenkins", "Keller",  "Lopez",
                                 "Müller",   "Nelson", "Ortiz",     "Parker",  "Quinn",   "Roberts",
                                 "Stewart",  "Turner", "Underwood", "Vargas",  "Walker",  "Young"};
constexpr const char* kTitles[] = {
    "Office Manager",     "Managing Director", "IT Coordinator", "Accountant",
    "Operations Manager", "Receptionist",      "Head of Sales",  "Engineer"};
struct City {
  const char* name;
  const char* state;
  const char* zip;
};
constexpr City kCities[] = {{"Portland", "OR", "97204"}, {"Seattle", "WA", "98101"},
                            {"Boise", "ID", "83702"},    {"Denver", "CO", "80202"},
                            {"Austin", "TX", "78701"},   {"Chicago", "IL", "60601"},
                            {"Boston", "MA", "02108"},   {"Tampa", "FL", "33602"}};
constexpr const char* kStreets[] = {"Main Street", "Market Street", "Oak Avenue", "Harbor Road",
                                    "Mill Lane",   "Second Avenue", "Park Drive"};

// "Acme Corp" → "AcmeCorp"
std::string letters_of(std::string_view name) {
  std::string letters;
  for (const char c : name) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) letters += c;
  }
  return letters;
}

class Companies {
 public:
  explicit Companies(SeedContext& context)
      : context_(context), random_(context.random("companies")) {}

  void run() {
    add_own();
    for (const char* name : kNames) add(name);
    const std::size_t wanted = std::size(kNames) * static_cast<std::size_t>(context_.options.scale);
    for (std::size_t i = std::size(kNames); i < wanted; ++i) {
      const std::string_view family = random_.pick(kLast);
      add(fmt::format("{} {} {}", family, random_.pick(kTrades), i));
    }
  }

 private:
  // The MSP itself: time without a ticket is charged to it.
  void add_own() {
    Draft(context_.db, "companies")
        .set("identifier", "CascadeMSP")
        .set("name", "Cascade Managed Services")
        .refer("territory", 1)
        .set("types", Ids{4})
        .set("city", "Portland")
        .set("state", "OR")
        .set("website", "https://cascademsp.example")
        .refer("country", 1)
        .refer("currency", 1)
        .set("mobileGuid", random_guid(random_))
        .entered(context_.options.now - std::chrono::days(1400), "zadmin")
        .insert();
  }

  void add(const std::string& name) {
    SeededCompany company;
    company.name = name;
    const std::string letters = letters_of(name);
    company.domain = to_lower(letters) + ".example";
    company.prefix = letters.substr(0, 4);
    for (char& c : company.prefix) {
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    }
    const Instant now = context_.options.now;
    const Instant since = now - std::chrono::days(random_.between(400, 1300));
    const City& city = random_.pick(kCities);
    const std::string street =
        fmt::format("{} {}", random_.between(1, 999), random_.pick(kStreets));
    const std::int64_t manager =
        context_.team("sales")[static_cast<std::size_t>(random_.below(3))]->id;
    Draft draft(context_.db, "companies");
    // Real ids start somewhere, and 250 is where our customers do.
    if (context_.companies.empty()) draft.id(250);
    draft.set("identifier", letters.substr(0, 25))
        .set("name", name)
        .set("addressLine1", street)
        .set("city", city.name)
        .set("state", city.state)
        .set("zip", city.zip)
        .refer("country", 1)
        .set("phoneNumber", phone_number(random_.below(10'000'000)))
        .set("website", "https://" + company.domain)
        .refer("territory", random_.between(1, 3))
        .set("dateAcquired", std::chrono::floor<std::chrono::days>(since))
        .set("annualRevenue", random_.between(5, 900) * 100'000.0)
        .refer("timeZoneSetup", 1)
        .refer("taxCode", 2)
        .refer("billingTerms", 1)
        .set("invoiceToEmailAddress", "accounts@" + company.domain)
        .set("mobileGuid", random_guid(random_))
        .refer("currency", 1)
        .refer("territoryManager", manager)
        .set("types", random_.chance(8) ? Ids{2} : Ids{1})
        .entered(since, "zadmin")
        .updated(now - std::chrono::hours(random_.between(1, 4000)), "pnovak");
    if (random_.chance(70))
      draft.set("accountNumber", fmt::format("C-{}", random_.between(1000, 9999)));
    if (random_.chance(60)) draft.set("numberOfEmployees", std::int64_t{random_.between(5, 900)});
    if (random_.chance(5)) draft.refer("status", 3);
    company.id = draft.insert();
    add_sites(company, street, city, since);
    for (int i = random_.between(3, 6); i > 0; --i) add_contact(company, since);
    add_agreement(company, since);
    finish(company);
    context_.companies.push_back(std::move(company));
  }

  void add_sites(SeededCompany& company, const std::string& street, const City& city,
                 Instant since) {
    Draft main(context_.db, "companySites");
    if (context_.companies.empty()) main.id(1000);
    company.site = main.refer("company", company.id)
                       .set("name", "Main")
                       .set("addressLine1", street)
                       .set("city", city.name)
                       .set("zip", city.zip)
                       .refer("country", 1)
                       .set("primaryAddressFlag", true)
                       .set("defaultFlag", true)
                       .entered(since, "zadmin")
                       .insert();
    if (company.name == "Acme Corp") {
      Draft(context_.db, "companySites")
          .refer("company", company.id)
          .set("name", "London")
          .set("addressLine1", "18 Fenchurch Lane")
          .set("city", "London")
          .set("zip", "EC3M 3AB")
          .refer("country", 2)
          .entered(since, "zadmin")
          .insert();
    } else if (random_.chance(30)) {
      Draft(context_.db, "companySites")
          .refer("company", company.id)
          .set("name", "Warehouse")
          .set("city", city.name)
          .set("zip", city.zip)
          .refer("country", 1)
          .entered(since, "zadmin")
          .insert();
    }
  }

  static Row communication(std::int64_t id, std::int64_t type, std::string value, bool is_default,
                           const char* kind) {
    // Columns: id, type, value, extension, defaultFlag, domain, communicationType.
    Row row;
    row.cells = {id, RecordReference{type}, std::move(value), {}, is_default,
                 {}, std::string(kind)};
    return row;
  }

  void add_contact(SeededCompany& company, Instant since) {
    const std::string first = random_.pick(kFirst);
    const std::string last = random_.pick(kLast);
    const std::string mail =
        to_lower(letters_of(first) + "." + letters_of(last)) + "@" + company.domain;
    const std::string phone = phone_number(random_.below(10'000'000));
    const bool is_first = company.contacts.empty();
    const Instant created = since + std::chrono::days(random_.between(0, 300));
    next_communication_ += 3;
    Rows items = {communication(next_communication_, 1, mail, true, "Email")};
    Draft draft(context_.db, "contacts");
    if (random_.chance(85)) {
      items.push_back(communication(next_communication_ + 1, 2, phone, true, "Phone"));
      draft.set("defaultPhoneType", "Direct").set("defaultPhoneNbr", phone);
    }
    if (random_.chance(25)) {
      items.push_back(communication(next_communication_ + 2, 3,
                                    phone_number(random_.below(10'000'000)), false, "Phone"));
    }
    draft.set("firstName", first)
        .set("lastName", last)
        .refer("company", company.id)
        .refer("site", company.site)
        .set("mobileGuid", random_guid(random_))
        .set("defaultFlag", is_first)
        .set("defaultBillingFlag", is_first)
        .refer("companyLocation", 1)
        .set("communicationItems", std::move(items))
        .set("types", is_first             ? Ids{1, 4}
                      : random_.chance(20) ? Ids{2}
                                           : Ids{5})
        .entered(created, "zadmin")
        .updated(created + std::chrono::days(random_.between(0, 90)), "eclarke");
    if (random_.chance(75)) draft.set("title", random_.pick(kTitles));
    company.contacts.push_back(draft.insert());
    spread_communications(context_.db, company.contacts.back());
  }

  void add_agreement(SeededCompany& company, Instant since) {
    if (random_.chance(15)) return;
    static constexpr std::array<std::pair<const char*, std::int64_t>, 3> kKinds = {
        {{"Managed Services Gold", 1}, {"Managed Services Silver", 1}, {"Block Hours", 2}}};
    const auto& [name, type] = random_.pick(kKinds);
    company.agreement = Draft(context_.db, "agreements")
                            .set("name", name)
                            .refer("type", type)
                            .refer("company", company.id)
                            .refer("contact", company.contacts.front())
                            .set("startDate", std::chrono::floor<std::chrono::days>(since))
                            .set("noEndingDateFlag", true)
                            .set("cancelledFlag", false)
                            .set("billAmount", random_.between(5, 80) * 100.0)
                            .set("agreementStatus", "Active")
                            .refer("billToCompany", company.id)
                            .refer("site", company.site)
                            .refer("location", 1)
                            .refer("department", 1)
                            .entered(since, "zadmin")
                            .insert();
  }

  // What needs the company's contacts and sites.
  void finish(const SeededCompany& company) {
    Table& table = context_.db.table("companies");
    Record record = *table.find(company.id);
    table.at(record, "defaultContact") = RecordReference{company.contacts.front()};
    table.at(record, "billingContact") = RecordReference{company.contacts.front()};
    table.at(record, "billToCompany") = RecordReference{company.id};
    table.at(record, "site") = RecordReference{company.site};
    table.at(record, "billingSite") = RecordReference{company.site};
    table.put(std::move(record));
  }

  SeedContext& context_;
  Random random_;
  std::int64_t next_communication_ = 44'000;
};

}  // namespace

void seed_companies(SeedContext& context) {
  Companies(context).run();
}

}  // namespace patchbay::sandbox
