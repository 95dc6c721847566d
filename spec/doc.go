// Package spec holds what the user wants and where they wrote it.
//
// A spec is a folder of HCL and YAML files read through an fs.FS by Load. The
// result is plain data: orders and invoices with exact money, wanted statuses,
// refunds and the providers to use, each with the place in a file that asked for it.
// Everything a person can get wrong is reported as an hcl.Diagnostic; Load never
// stops at the first.
//
// The package knows no HTTP, no SQL, no clock and nothing of what was observed.
package spec
