// SPDX-License-Identifier: Apache-2.0
// Inside the reader of scenario files: the sections of spec, each in a file of its own, and what
// they share. They are read in the order given here, since each refers to the ones before.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "rules/lang/field_reader.h"
#include "shared/simulator/scenario.h"

namespace levee::simulator::sections {

/// The names of services and clients, which expectations call by one word. Confined to one thread.
class SubjectNames {
public:
    void claim(const std::string& name, const std::string& path, YamlSpan span, Findings& findings);

private:
    std::map<std::string, YamlSpan> names_;
};

/// A list of `least` to `most` items.
const YamlNode* readList(FieldReader& fields, std::string_view key, std::size_t least,
                         std::size_t most, const FieldReader::ItemReader& each);
/// A duration as seconds.
const YamlNode* readSeconds(FieldReader& fields, std::string_view key, double& out,
                            DurationRange range);
/// A time in the run: 0 to its end.
const YamlNode* readTime(FieldReader& fields, std::string_view key, double& out,
                         const Scenario& scenario);

/// The service that `node` names; nullptr with a finding when there is none.
const ServiceSpec* readServiceName(FieldReader& fields, std::string_view key,
                                   const Scenario& scenario, std::string& out);
/// "service 'x' does not exist", with a suggestion.
void reportUnknownService(const std::string& name, const std::string& path, YamlSpan span,
                          const Scenario& scenario, Findings& findings);
/// Requests per second that the service's own work allows, without faults and calls.
double capacityOf(const ServiceSpec& service);

void readServices(FieldReader& spec, Scenario& scenario, SubjectNames& names);
void readClients(FieldReader& spec, Scenario& scenario, SubjectNames& names);
void readFaults(FieldReader& spec, Scenario& scenario);
void readExpectations(FieldReader& spec, Scenario& scenario);

}  // namespace levee::simulator::sections
