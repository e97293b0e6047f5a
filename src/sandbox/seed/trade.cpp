// What the MSP sells and buys: catalog, products, sales orders, purchase orders.
#include <chrono>
#include <set>

#include <fmt/core.h>

#include "sandbox/modules/procurement/catalog_categories.h"
#include "sandbox/modules/procurement/purchase_orders_rules.h"
#include "sandbox/records/record_access.h"
#include "sandbox/seed/context.h"
#include "sandbox/seed/parts.h"

namespace patchbay::sandbox {
namespace {

using std::chrono::days;

struct Item {
  const char* identifier;
  const char* description;
  std::int64_t sub_category;
  std::int64_t type;
  const char* product_class;
  double price;
  double cost;
  std::int64_t manufacturer;  // 0: none
};

// Product types: 1 hardware, 2 software, 3 service.
constexpr Item kItems[] = {
    {"LAPTOP-14", "Business laptop 14 inch", 1, 1, "Inventory", 1'290.0, 980.0, 1},
    {"LAPTOP-16", "Business laptop 16 inch", 1, 1, "Inventory", 1'690.0, 1'310.0, 1},
    {"DOCK-USBC", "USB-C docking station", 2, 1, "Inventory", 229.0, 165.0, 1},
    {"MON-27", "Monitor 27 inch", 2, 1, "Inventory", 319.0, 240.0, 2},
    {"SRV-HOST", "Virtualisation host", 3, 1, "NonInventory", 9'800.0, 7'600.0, 2},
    {"FW-60", "Firewall appliance, small site", 4, 1, "NonInventory", 1'150.0, 820.0, 3},
    {"FW-100", "Firewall appliance, main site", 4, 1, "NonInventory", 3'400.0, 2'550.0, 3},
    {"SW-24P", "Switch 24 ports, PoE", 4, 1, "Inventory", 780.0, 560.0, 3},
    {"AP-WIFI6", "Access point", 4, 1, "Inventory", 289.0, 199.0, 3},
    {"UPS-1500", "UPS 1500 VA", 3, 1, "Inventory", 540.0, 400.0, 0},
    {"M365-BP", "Microsoft 365 Business Premium, monthly", 5, 2, "Agreement", 22.0, 17.6, 4},
    {"M365-E3", "Microsoft 365 E3, monthly", 5, 2, "Agreement", 36.0, 29.5, 4},
    {"EDR-SEAT", "Endpoint protection, per device and month", 6, 2, "Agreement", 6.5, 3.2, 0},
    {"BKP-SRV", "Server backup, per server and month", 6, 2, "Agreement", 79.0, 38.0, 0},
    {"MS-USER", "Managed user, monthly", 7, 3, "Service", 95.0, 48.0, 0},
    {"MS-SERVER", "Managed server, monthly", 7, 3, "Service", 185.0, 80.0, 0},
    {"INSTALL", "Installation, flat", 7, 3, "Service", 450.0, 210.0, 0},
};

class Trade {
 public:
  explicit Trade(SeedContext& context)
      : context_(context),
        db_(context.db),
        random_(context.random("trade")),
        now_(context.options.now) {}

  void run() {
    add_setup();
    add_catalog();
    for (int i = 0; i < 30 * context_.options.scale; ++i) add_order(i);
    for (int i = 0; i < 60 * context_.options.scale; ++i) add_ticket_product();
    for (int i = 0; i < 25 * context_.options.scale; ++i) add_purchase_order(i);
    for (const auto& [id, sub] : db_.table("productSubCategories").records()) {
      mirror_sub_category(db_, sub);
    }
  }

 private:
  Draft setup(std::string_view table, std::string_view name) {
    Draft draft(db_, table);
    draft.set("name", std::string(name)).entered(now_ - days(1300), "zadmin");
    return draft;
  }

  void add_setup() {
    for (const char* name : {"Hardware", "Software", "Services"}) {
      setup("productCategories", name).insert();
    }
    for (const auto& [name, category] : {std::pair<const char*, std::int64_t>{"Laptops", 1},
                                         {"Peripherals", 1},
                                         {"Servers", 1},
                                         {"Network", 1},
                                         {"Cloud licences", 2},
                                         {"Security and backup", 2},
                                         {"Managed", 3}}) {
      setup("productSubCategories", name).refer("category", category).insert();
    }
    for (const char* name : {"Hardware", "Software", "Service"}) {
      setup("productTypes", name).insert();
    }
    for (const char* name : {"Northlight", "Orion Systems", "Wallgate", "Microsoft"}) {
      setup("manufacturers", name).insert();
    }
    setup("unitsOfMeasure", "Each").set("defaultFlag", true).insert();
    setup("unitsOfMeasure", "Hour").insert();
    setup("warehouses", "Portland")
        .refer("company", 1)
        .refer("location", 1)
        .refer("department", 4)
        .set("overallDefaultFlag", true)
        .insert();
    for (const auto& [name, closed] : {std::pair<const char*, bool>{"New", false},
                                       {"Ordered", false},
                                       {"Received", true},
                                       {"Cancelled", true}}) {
      setup("purchaseOrderStatuses", name)
          .set("closedFlag", closed)
          .set("defaultFlag", std::string_view(name) == "New")
          .insert();
      setup("orderStatuses", name)
          .set("closedFlag", closed)
          .set("defaultFlag", std::string_view(name) == "New")
          .insert();
    }
    add_vendor("PixelWare", "PixelWare Distribution");
    add_vendor("CloudMart", "CloudMart Wholesale");
  }

  void add_vendor(const char* identifier, const char* name) {
    vendors_.push_back(Draft(db_, "companies")
                           .set("identifier", identifier)
                           .set("name", name)
                           .refer("territory", 1)
                           .set("types", Ids{3})
                           .set("isVendorFlag", true)
                           .set("city", "Denver")
                           .set("state", "CO")
                           .refer("country", 1)
                           .refer("currency", 1)
                           .refer("billingTerms", 1)
                           .set("mobileGuid", random_guid(random_))
                           .entered(now_ - days(1200), "zadmin")
                           .insert());
  }

  void add_catalog() {
    for (const Item& item : kItems) {
      Draft draft(db_, "catalogItems");
      if (items_.empty()) draft.id(501);
      draft.set("identifier", item.identifier)
          .set("description", item.description)
          .set("customerDescription", item.description)
          .refer("subcategory", item.sub_category)
          .refer("category", item.sub_category <= 4   ? 1
                             : item.sub_category <= 6 ? 2
                                                      : 3)
          .refer("type", item.type)
          .set("productClass", item.product_class)
          .set("price", item.price)
          .set("cost", item.cost)
          .set("taxableFlag", item.type == 1)
          .set("recurringFlag", std::string_view(item.product_class) == "Agreement")
          .refer("unitOfMeasure", 1)
          .refer("manufacturer", item.manufacturer)
          .refer("vendor", item.type == 3 ? 0 : vendors_[item.type == 1 ? 0 : 1])
          .entered(now_ - days(900), "ctaylor");
      items_.push_back(draft.insert());
    }
    Draft(db_, "catalogItems")
        .set("identifier", "LAPTOP-13-OLD")
        .set("description", "Business laptop 13 inch, discontinued")
        .set("customerDescription", "Business laptop 13 inch")
        .refer("subcategory", 1)
        .refer("category", 1)
        .refer("type", 1)
        .set("productClass", "Inventory")
        .set("inactiveFlag", true)
        .set("price", 990.0)
        .set("cost", 760.0)
        .entered(now_ - days(1300), "ctaylor")
        .insert();
  }

  Draft product(std::int64_t company, int item, double quantity, Instant when) {
    const Item& of = kItems[item];
    Draft draft(db_, "products");
    if (db_.table("products").records().empty()) draft.id(5001);
    draft.refer("catalogItem", items_[static_cast<std::size_t>(item)])
        .refer("company", company)
        .set("description", of.description)
        .set("customerDescription", of.description)
        .set("quantity", quantity)
        .refer("unitOfMeasure", 1)
        .set("price", of.price)
        .set("listPrice", of.price)
        .set("cost", of.cost)
        .set("extPrice", to_cents(of.price * quantity))
        .set("extCost", to_cents(of.cost * quantity))
        .set("margin", to_cents((of.price - of.cost) * quantity))
        .set("productClass", of.product_class)
        .set("taxableFlag", of.type == 1)
        .set("locationId", std::int64_t{1})
        .refer("location", 1)
        .set("businessUnitId", std::int64_t{3})
        .refer("taxCode", 2)
        .set("purchaseDate", when)
        .entered(when, "ctaylor");
    return draft;
  }

  void add_order(int index) {
    const SeededCompany& company = random_.pick(context_.companies);
    const SeededMember& rep = context_.member(index % 2 == 0 ? "jdoe" : "lmorgan");
    const Instant when = now_ - days(random_.between(1, 200));
    Draft draft(db_, "orders");
    if (index == 0) draft.id(601);
    const std::int64_t id = draft.refer("company", company.id)
                                .refer("contact", company.contacts.front())
                                .refer("site", company.site)
                                .refer("billToCompany", company.id)
                                .refer("shipToCompany", company.id)
                                .refer("status", now_ - when > days(30) ? 3 : index % 2 + 1)
                                .refer("salesRep", rep.id)
                                .set("orderDate", when)
                                .set("dueDate", when + days(21))
                                .set("poNumber", fmt::format("{}-{}", company.prefix, 100 + index))
                                .refer("billingTerms", 1)
                                .refer("taxCode", 2)
                                .refer("location", 1)
                                .refer("department", 3)
                                .set("description", "Order by phone, confirmed in writing.")
                                .entered(when, rep.identifier)
                                .insert();
    Ids products;
    double sum = 0;
    for (int i = random_.between(1, 3); i > 0; --i) {
      const int item = random_.below(10);
      const double quantity = random_.between(1, 6);
      products.push_back(
          product(company.id, item, quantity, when).refer("salesOrder", id).insert());
      sum += kItems[item].price * quantity;
    }
    Table& orders = db_.table("orders");
    Record record = *orders.find(id);
    orders.at(record, "productIds") = std::move(products);
    orders.at(record, "subTotal") = to_cents(sum);
    orders.at(record, "taxTotal") = to_cents(sum * 0.07);
    orders.at(record, "total") = to_cents(sum) + to_cents(sum * 0.07);
    orders.put(std::move(record));
  }

  void add_ticket_product() {
    const Table& tickets = db_.table("tickets");
    const auto first = tickets.records().lower_bound(38'000 + random_.below(2000));
    if (first == tickets.records().end()) return;
    const Record& ticket = first->second;
    product(id_in(tickets, ticket, "company"), random_.below(10), 1,
            instant_or(tickets.at(ticket, "dateEntered"), now_))
        .refer("ticket", ticket.id)
        .insert();
  }

  void add_purchase_order(int index) {
    const Instant when = now_ - days(random_.between(1, 150));
    const bool received = now_ - when > days(25);
    Draft draft(db_, "purchaseOrders");
    if (index == 0) draft.id(701);
    draft.refer("vendorCompany", vendors_[static_cast<std::size_t>(index) % 2])
        .refer("status", received ? 3 : index % 2 + 1)
        .refer("terms", 1)
        .set("poNumber", fmt::format("{}", 30'701 + index))
        .set("poDate", when)
        .set("locationId", std::int64_t{1})
        .refer("location", 1)
        .set("businessUnitId", std::int64_t{4})
        .refer("warehouse", 1)
        .set("freightCost", index % 4 == 0 ? 25.0 : 0.0)
        .set("enteredBy", "ctaylor")
        .entered(when, "ctaylor");
    if (received) draft.set("dateClosed", when + days(9)).set("closedBy", "ctaylor");
    const std::int64_t id = draft.insert();
    std::int64_t line = 1;
    for (int i = random_.between(1, 4); i > 0; --i) {
      const int item = random_.below(10);
      const std::int64_t quantity = random_.between(1, 10);
      Draft(db_, "purchaseOrderLines")
          .refer("purchaseOrder", id)
          .refer("product", items_[static_cast<std::size_t>(item)])
          .set("description", kItems[item].description)
          .set("lineNumber", line++)
          .set("quantity", static_cast<double>(quantity))
          .set("receivedQuantity", received ? quantity : 0)
          .set("receivedStatus", received ? "FullyReceived" : "Waiting")
          .set("closedFlag", received)
          .set("unitCost", kItems[item].cost)
          .set("extCost", to_cents(kItems[item].cost * static_cast<double>(quantity)))
          .refer("unitOfMeasure", 1)
          .refer("warehouse", 1)
          .entered(when, "ctaylor")
          .insert();
    }
    total_purchase_order(db_, id);
  }

  SeedContext& context_;
  Database& db_;
  Random random_;
  Instant now_;
  std::vector<std::int64_t> items_;
  std::vector<std::int64_t> vendors_;
};

}  // namespace

void seed_trade(SeedContext& context) {
  Trade(context).run();
}

}  // namespace patchbay::sandbox
