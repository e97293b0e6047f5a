// Tickets of the size and shape that the upstream really sends: about 7 KB each, a third of it
// nulls and links that no caller needs. Invented data; the same bytes in every run.

const kRecordBytes = 7 * 1024 + 160;  // 25 of them are 183 KB, as measured on a real list

const link = (path) => `https://psa.example/v4_6_release/apis/3.0${path}`;
const guid = (n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

const reference = (path, id, name, more = {}) => ({
  id,
  name,
  ...more,
  _info: { [`${path.split('/').at(-1).replace(/s$/, '')}_href`]: link(`${path}/${id}`) },
});

const member = (id, name) => ({
  ...reference('/system/members', id, name, { identifier: name.toLowerCase().replace(' ', '') }),
  dailyCapacity: null,
});

// Fields that a ticket has and that are empty most of the time.
const kEmptyFields = [
  'subType', 'item', 'opportunity', 'addressLine1', 'addressLine2', 'city', 'stateIdentifier',
  'zip', 'country', 'contactEmailLookup', 'project', 'phase', 'wbsCode', 'estimatedExpenseCost',
  'estimatedExpenseRevenue', 'estimatedProductCost', 'estimatedProductRevenue', 'estimatedTimeCost',
  'estimatedTimeRevenue', 'billingAmount', 'hourlyRate', 'automaticEmailCc', 'initialDescription',
  'initialInternalAnalysis', 'initialResolution', 'initialDescriptionFrom', 'closedDate', 'closedBy',
  'mergedParentTicket', 'integratorTags', 'parentTicketId', 'knowledgeBaseCategoryId',
  'knowledgeBaseSubCategoryId', 'knowledgeBaseLinkId', 'minutesBeforeWaiting', 'respondedSkippedMinutes',
  'resplanSkippedMinutes', 'requiredDate', 'budgetHours', 'dateResolved', 'dateResplan',
  'resolutionHours', 'externalXRef', 'poNumber', 'department', 'calculatedSLAPriority', 'lagDays',
  'predecessorType', 'predecessorId', 'predecessorClosedFlag', 'workRole', 'workType', 'mobileGuid',
];

export function ticket(id) {
  const company = 2 + (id % 40);
  const record = {
    id,
    summary: `Server ${id % 17} answers slowly since the update of last night`,
    recordType: 'ServiceTicket',
    board: reference('/service/boards', 1 + (id % 12), 'Network Infrastructure'),
    status: { ...reference('/service/boards/1/statuses', 17, 'In Progress'), Sort: 2 },
    company: reference('/company/companies', company, 'Example Trading Limited', {
      identifier: 'ExampleTrading',
    }),
    site: reference('/company/sites', company, 'Main'),
    siteName: 'Main',
    contact: reference('/company/contacts', 100 + company, 'Alex Example'),
    contactName: 'Alex Example',
    contactPhoneNumber: '5550100',
    contactEmailAddress: 'alex@example.test',
    type: reference('/service/boards/1/types', 3, 'Server'),
    team: reference('/service/boards/1/teams', 5, 'Second Line'),
    owner: member(7, 'Sam Example'),
    priority: { ...reference('/service/priorities', 4, 'Priority 3 - Medium'), sort: 4 },
    serviceLocation: reference('/service/locations', 1, 'On-Site'),
    source: reference('/service/sources', 2, 'Email Connector'),
    agreement: reference('/finance/agreements', 31, 'Managed Services', { type: 'Gold' }),
    severity: 'Medium',
    impact: 'Medium',
    allowAllClientsPortalView: false,
    customerUpdatedFlag: false,
    automaticEmailContactFlag: true,
    automaticEmailResourceFlag: false,
    automaticEmailCcFlag: false,
    closedFlag: false,
    actualHours: 1.25,
    approved: true,
    estimatedExpenseHours: 0.0,
    subBillingMethod: 'ActualRates',
    subBillingAmount: 0.0,
    subDateAccepted: '2026-11-01T00:00:00Z',
    billTime: 'Billable',
    billExpenses: 'Billable',
    billProducts: 'Billable',
    locationId: 2,
    businessUnitId: 10,
    hasChildTicket: false,
    hasMergedChildTicketFlag: false,
    isInSla: true,
    slaStatus: 'Respond by Mon 23/11 10:00 UTC+00',
    resources: 'sexample, aexample',
    currency: reference('/finance/currencies', 7, 'Pound Sterling', {
      symbol: '£', currencyCode: 'GBP', decimalSeparator: '.', numberOfDecimals: 2,
    }),
    company_guid: guid(company),
    _info: {
      lastUpdated: '2026-11-21T15:04:05Z',
      updatedBy: 'sexample',
      dateEntered: '2026-11-20T09:30:00Z',
      enteredBy: 'aexample',
    },
    customFields: [],
  };
  for (const name of kEmptyFields) record[name] = null;
  for (const name of ['activities', 'scheduleentries', 'documents', 'configurations', 'tasks',
    'notes', 'products', 'timeentries', 'expenseEntries']) {
    record._info[`${name}_href`] = link(`/service/tickets/${id}/${name}?conditions=ticket/id=${id}`);
  }
  // The rest of the 7 KB, as real tickets have it: custom fields, some filled and some not.
  for (let field = 1; JSON.stringify(record).length < kRecordBytes - 120; ++field) {
    record.customFields.push({
      id: field,
      caption: `Field ${field}`,
      type: 'Text',
      entryMethod: 'EntryField',
      numberOfDecimals: 0,
      value: field % 3 === 0 ? null : `Value ${field} of ticket ${id}`,
    });
  }
  return record;
}

export const list = (count) => Array.from({ length: count }, (_, n) => ticket(90_000 - n));

// What an API leaves of a record when it is asked for some fields; `_info` it always gives.
export const only = (record, names) => Object.fromEntries(Object.entries(record)
  .filter(([name]) => names.includes(name) || name === '_info'));

// What Patchbay asks for when a call names no fields (default_fields of resources/tickets.yaml).
const kDefaultFields = ['id', 'summary', 'board', 'status', 'priority', 'company', 'owner',
  'closedFlag', 'dateEntered', 'lastUpdated'];
export const withDefaultFields = (record) => only(record, kDefaultFields);
