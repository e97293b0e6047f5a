// Invoices and their payments: /finance/invoices.
#include "sandbox/modules/finance/invoices.h"

#include "sandbox/modules/finance/invoices_rules.h"

namespace patchbay::sandbox {
namespace {

constexpr FieldSpec kBillingStatusFields[] = {
    text("name").at_most(30).is_required(),
    integer("sortOrder"),
    boolean("defaultFlag").or_else(false),
    boolean("closedFlag").or_else(false),
    boolean("inactiveFlag").or_else(false),
    boolean("sentFlag").or_else(false),
    text("connectWiseId"),
};

constexpr ReferenceMember kBillingStatusForm[] = {
    {"id", "id"}, {"name", "name"}, {"isClosed", "closedFlag"}};

constexpr FieldSpec kInvoiceFields[] = {
    text("identifier").is_hidden().read_via("invoiceNumber"),
    date_time("invoiceDate").is_hidden().read_via("date"),
    boolean("chargeFirmFlag").or_else(false).is_hidden(),
    reference("company", "companies").is_required(),
    reference("project", "projects"),
    text("invoiceNumber").at_most(15).is_read_only(),
    choice("type",
           "Agreement, CreditMemo, DownPayment, Miscellaneous, Progress, "
           "Standard, Consolidated")
        .is_required(),
    reference("status", "billingStatuses").or_else_default(),
    reference("billToCompany", "companies"),
    reference("shipToCompany", "companies"),
    text("accountNumber"),
    choice("applyToType", "All, Agreement, Project, ProjectPhase, SalesOrder, Ticket"),
    integer("applyToId"),
    text("attention").at_most(60),
    reference("billingSite", "companySites"),
    text("billingSiteAddressLine1"),
    text("billingSiteAddressLine2"),
    text("billingSiteCity"),
    text("billingSiteState"),
    text("billingSiteZip"),
    text("billingSiteCountry"),
    reference("shippingSite", "companySites"),
    text("shippingSiteAddressLine1"),
    text("shippingSiteAddressLine2"),
    text("shippingSiteCity"),
    text("shippingSiteState"),
    text("shippingSiteZip"),
    text("shippingSiteCountry"),
    reference("billingTerms", "billingTerms").or_else_default(),
    reference("billingSetupReference", "billingSetups"),
    text("reference").at_most(50).or_else(""),
    text("customerPO").at_most(50),
    integer("templateSetupId").or_else(1),
    integer("emailTemplateId").or_else(1),
    boolean("addToBatchEmailList").or_else(false),
    date_time("date"),
    boolean("restrictDownpaymentFlag").or_else(false),
    integer("locationId"),
    reference("location", "locations"),
    integer("departmentId"),
    reference("department", "departments"),
    integer("territoryId"),
    reference("territory", "locations"),
    text("topComment").or_else(""),
    text("bottomComment").or_else(""),
    boolean("taxableFlag").or_else(false),
    reference("taxCode", "taxCodes"),
    text("internalNotes"),
    boolean("downpaymentPreviouslyTaxedFlag").or_else(false),
    decimal("serviceTotal").or_else(0.0).is_read_only(),
    boolean("overrideDownPaymentAmountFlag").or_else(false),
    reference("currency", "currencies").or_else_first(),
    date_time("dueDate"),
    decimal("expenseTotal").or_else(0.0).is_read_only(),
    decimal("productTotal").or_else(0.0).is_read_only(),
    decimal("previousProgressApplied").or_else(0.0),
    decimal("serviceAdjustmentAmount").or_else(0.0),
    decimal("agreementAmount").or_else(0.0).is_read_only(),
    decimal("downpaymentApplied").or_else(0.0),
    decimal("subtotal").or_else(0.0).is_read_only(),
    decimal("total").or_else(0.0).is_read_only(),
    decimal("remainingDownpayment").or_else(0.0).is_read_only(),
    decimal("salesTax").or_else(0.0).is_read_only(),
    text("adjustmentReason"),
    text("adjustedBy").is_read_only(),
    text("closedBy").is_read_only(),
    decimal("payments").or_else(0.0).is_read_only(),
    decimal("credits").or_else(0.0).is_read_only(),
    decimal("balance").or_else(0.0).is_read_only(),
    boolean("specialInvoiceFlag").or_else(false),
    reference("ticket", "tickets"),
    reference("phase", "projectPhases"),
    reference("salesOrder", "orders"),
    reference("agreement", "agreements"),
    custom_field_values(),
};

constexpr ReferenceMember kInvoiceForm[] = {{"id", "id"},
                                            {"identifier", "identifier"},
                                            {"invoiceDate", "invoiceDate"},
                                            {"chargeFirmFlag", "chargeFirmFlag"}};

constexpr InfoMember kInvoiceInfo[] = {
    {"payments_href", "finance/invoices/{id}/payments"},
    {"timeEntries_href", "time/entries?conditions=invoice/id={id}"},
    {"expenseEntries_href", "expense/entries?conditions=invoice/id={id}"},
    {"products_href", "procurement/products?conditions=invoice/id={id}"}};

constexpr CustomFieldDefinition kInvoiceCustomFields[] = {
    {42, "Delivery note", "Text", "EntryField"}};

constexpr FieldSpec kInvoicePaymentFields[] = {
    text("type"),
    text("source"),
    reference("invoice", "invoices").is_read_only(),
    reference("credit", "invoices"),
    decimal("amount").is_required(),
    decimal("balance").is_read_only(),
    decimal("invoiceBalance").read_via("invoice/balance"),
    decimal("invoiceTotal").read_via("invoice/total"),
    date_time("paymentDate"),
    text("appliedBy"),
    text("paymentSyncStatus"),
    text("glBatchID").at_most(50),
    date_time("paymentSyncDate"),
    text("paymentAccount"),
    text("aRPaymentAccount"),
};

constexpr ResourceSpec kInvoiceResources[] = {
    {
        .name = "billingStatuses",
        .path = "finance/billingStatuses",
        .type = "BillingStatus",
        .label = "Billing Status",
        .href = "status",
        .fields = kBillingStatusFields,
        .reference_form = kBillingStatusForm,
    },
    {
        .name = "invoices",
        .path = "finance/invoices",
        .type = "Invoice",
        .label = "Invoice",
        .href = "invoice",
        .fields = kInvoiceFields,
        .reference_form = kInvoiceForm,
        .info = kInvoiceInfo,
        .custom_fields = kInvoiceCustomFields,
        .rules = &kInvoiceRules,
    },
    {
        .name = "invoicePayments",
        .path = "finance/invoices/{invoice}/payments",
        .type = "InvoicePayment",
        .label = "Payment",
        .href = "payment",
        .fields = kInvoicePaymentFields,
        .rules = &kPaymentRules,
    },
};

}  // namespace

std::span<const ResourceSpec> invoice_resources() {
  return kInvoiceResources;
}

}  // namespace patchbay::sandbox
