// SPDX-License-Identifier: Apache-2.0
#include "agent/trial/trial_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "shared/base/diagnostic.h"

namespace levee::trial {
namespace {

std::string placeOf(const SourcePlace& place) {
    return fmt::format("{}:{}:{}", place.file, place.line, place.column);
}

std::string failure(const Verdict& verdict) {
    return fmt::format("expected {}: {}", verdict.expected, verdict.seen);
}

std::string about(const TrialResult& result) {
    if (result.rule.empty())
        return result.subject.empty() ? "all automations" : "automation " + result.subject;
    return fmt::format("{}, rule {}, {} requests, {} refused", result.subject, result.rule,
                       result.requests, result.refused);
}

std::string xml(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        switch (c) {
            case '&':
                escaped += "&amp;";
                break;
            case '<':
                escaped += "&lt;";
                break;
            case '>':
                escaped += "&gt;";
                break;
            case '"':
                escaped += "&quot;";
                break;
            default:
                escaped += static_cast<unsigned char>(c) < 0x20 && c != '\n' ? ' ' : c;
        }
    }
    return escaped;
}

std::ptrdiff_t failuresIn(const std::vector<const TrialResult*>& results) {
    return std::count_if(results.begin(), results.end(),
                         [](const TrialResult* result) { return !result->isMet(); });
}

std::string junitCase(const TrialResult& result) {
    std::string text = fmt::format(
        "    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" "
        "line=\"{}\"",
        xml(result.subject), xml(result.name), xml(result.place.file), result.place.line);
    if (result.isMet())
        return text + "/>\n";
    text += ">\n";
    for (const Verdict& verdict : result.verdicts) {
        if (!verdict.isMet)
            text += fmt::format("      <failure message=\"{}\">{}</failure>\n",
                                xml(failure(verdict)), xml(placeOf(verdict.place)));
    }
    return text + "    </testcase>\n";
}

}  // namespace

std::string trialTable(const std::vector<TrialResult>& results) {
    std::size_t failed = 0;
    std::string text;
    for (const TrialResult& result : results) {
        text += fmt::format("{}  {}  ({})\n", result.isMet() ? "ok    " : "FAILED", result.name,
                            about(result));
        failed += result.isMet() ? 0 : 1;
        for (const Verdict& verdict : result.verdicts) {
            if (!verdict.isMet)
                text += fmt::format("        {}: {}\n", placeOf(verdict.place), failure(verdict));
        }
        if (!result.isMet()) {
            for (const Event& event : result.events)
                text += fmt::format("        at {:.1f} s {}\n",
                                    static_cast<double>(event.millis) / 1000, event.text);
        }
    }
    return text + fmt::format("{} tests, {} failed\n", results.size(), failed);
}

std::string trialJunit(const std::vector<TrialResult>& results) {
    std::map<std::string, std::vector<const TrialResult*>> files;
    for (const TrialResult& result : results)
        files[result.place.file].push_back(&result);
    std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
    for (const auto& [file, of] : files) {
        text += fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\">\n", xml(file),
                            of.size(), failuresIn(of));
        for (const TrialResult* result : of)
            text += junitCase(*result);
        text += "  </testsuite>\n";
    }
    return text + "</testsuites>\n";
}

std::string trialJson(const std::vector<TrialResult>& results) {
    using Json = nlohmann::ordered_json;
    Json all = Json::array();
    for (const TrialResult& result : results) {
        Json verdicts = Json::array();
        for (const Verdict& verdict : result.verdicts)
            verdicts.push_back({{"expected", verdict.expected},
                                {"met", verdict.isMet},
                                {"seen", verdict.seen},
                                {"line", verdict.place.line}});
        Json events = Json::array();
        for (const Event& event : result.events)
            events.push_back({{"millis", event.millis}, {"text", event.text}});
        all.push_back({{"name", result.name},
                       {"file", result.place.file},
                       {"line", result.place.line},
                       {"subject", result.subject},
                       {"rule", result.rule},
                       {"met", result.isMet()},
                       {"requests", result.requests},
                       {"refused", result.refused},
                       {"expectations", verdicts},
                       {"events", events}});
    }
    return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace levee::trial
