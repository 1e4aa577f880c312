// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/scenario_values.h"

#include <fmt/format.h>

#include <charconv>
#include <string_view>
#include <vector>

#include "rules/lang/scalar_reader.h"
#include "rules/lang/source_text.h"
#include "shared/base/units.h"

namespace levee::simulator {
namespace {

constexpr std::string_view kLawForms =
    "constant 20ms, exponential 20ms, lognormal 20ms cv 0.3, bimodal 1ms 200ms at 5% or "
    "pareto 20ms shape 2.5";
constexpr std::size_t kLongest = 64;

using Words = std::vector<std::string_view>;

Words wordsOf(std::string_view text) {
    Words words;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        words.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

/// Digits with at most one point in between; not negative.
std::optional<double> decimal(std::string_view text) {
    double value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, code] = std::from_chars(text.data(), end, value, std::chars_format::fixed);
    if (text.empty() || text[0] < '0' || text[0] > '9' || stop != end || code != std::errc{})
        return std::nullopt;
    return value;
}

/// One value that is made of several words.
class PhraseReader {
public:
    PhraseReader(const YamlNode& node, const std::string& path, std::string_view forms,
                 Findings& findings)
        : node_(node), path_(path), forms_(forms), findings_(findings) {
        if (node.kind == YamlNode::Kind::Scalar && node.text.size() <= kLongest)
            words_ = wordsOf(node.text);
    }

    const Words& words() const { return words_; }
    bool isLike(std::size_t size, std::string_view first) const {
        return words_.size() == size && words_[0] == first;
    }

    std::nullopt_t wrongForm() const {
        findings_.error("wrong-type",
                        fmt::format("{}: expected {}, found {}", path_, forms_, found(node_)),
                        node_.span);
        return std::nullopt;
    }
    std::nullopt_t outOfRange(std::string_view what, std::string_view legal) const {
        findings_.error(
            "out-of-range",
            fmt::format("{} is '{}'; {} must be {}", path_, shown(node_.text), what, legal),
            node_.span);
        return std::nullopt;
    }

private:
    const YamlNode& node_;
    const std::string& path_;
    std::string_view forms_;
    Findings& findings_;
    Words words_;
};

/// The parts of a law; what cannot be read is NaN-free zero and caught by the ranges.
struct LawParts {
    std::optional<double> first;   ///< seconds
    std::optional<double> second;  ///< seconds
    std::optional<double> third;
};

std::optional<double> secondsOf(std::string_view text) {
    const Result<Duration> value = parseDuration(text);
    return value ? std::optional(toSeconds(value.value())) : std::nullopt;
}

std::optional<double> shareOf(std::string_view text) {
    const Result<double> value = parseShare(text);
    return value ? std::optional(value.value()) : std::nullopt;
}

bool isWorkTime(double seconds) {
    return seconds >= 1e-6 && seconds <= 3600;
}

constexpr std::string_view kWorkTime = "1us to 1h";

std::optional<ServiceLaw> oneMean(const PhraseReader& phrase, ServiceLaw::Kind kind) {
    const auto mean = secondsOf(phrase.words()[1]);
    if (!mean)
        return phrase.wrongForm();
    if (!isWorkTime(*mean))
        return phrase.outOfRange("the mean", kWorkTime);
    ServiceLaw law;
    law.kind = kind;
    law.mean = *mean;
    return law;
}

std::optional<ServiceLaw> lognormal(const PhraseReader& phrase) {
    auto law = oneMean(phrase, ServiceLaw::Kind::Lognormal);
    const auto cv = decimal(phrase.words()[3]);
    if (!law)
        return law;
    if (phrase.words()[2] != "cv" || !cv)
        return phrase.wrongForm();
    if (*cv <= 0 || *cv > 10)
        return phrase.outOfRange("cv", "above 0 to 10; write constant for 0");
    law->cv = *cv;
    return law;
}

std::optional<ServiceLaw> pareto(const PhraseReader& phrase) {
    auto law = oneMean(phrase, ServiceLaw::Kind::Pareto);
    const auto shape = decimal(phrase.words()[3]);
    if (!law)
        return law;
    if (phrase.words()[2] != "shape" || !shape)
        return phrase.wrongForm();
    if (*shape <= 1 || *shape > 100)
        return phrase.outOfRange("the shape", "above 1 to 100");
    law->shape = *shape;
    return law;
}

std::optional<ServiceLaw> bimodal(const PhraseReader& phrase) {
    const auto fast = secondsOf(phrase.words()[1]);
    const auto slow = secondsOf(phrase.words()[2]);
    const auto share = shareOf(phrase.words()[4]);
    if (!fast || !slow || phrase.words()[3] != "at" || !share)
        return phrase.wrongForm();
    if (!isWorkTime(*fast) || !isWorkTime(*slow))
        return phrase.outOfRange("each time", kWorkTime);
    if (*fast >= *slow)
        return phrase.outOfRange("the first time", "below the second");
    if (*share <= 0 || *share >= 1)
        return phrase.outOfRange("the share of the slow ones", "above 0% and below 100%");
    ServiceLaw law;
    law.kind = ServiceLaw::Kind::Bimodal;
    law.fast = *fast;
    law.slow = *slow;
    law.slowShare = *share;
    return law;
}

/// "5x" as a multiple of the capacity, anything else by parseRate(). Nothing where it is neither.
std::optional<double> rateOf(std::string_view text, double capacity) {
    if (text.ends_with('x')) {
        const auto factor = decimal(text.substr(0, text.size() - 1));
        return factor ? std::optional(*factor * capacity) : std::nullopt;
    }
    const Result<double> rate = parseRate(text);
    return rate ? std::optional(rate.value()) : std::nullopt;
}

constexpr std::string_view kRateRange = "0/s to 10000000/s";

std::optional<double> boundOf(std::string_view text, FigureUnit unit) {
    const bool isPercent = text.ends_with('%');
    switch (unit) {
        case FigureUnit::Number:
        case FigureUnit::Share: {
            const auto value = decimal(isPercent ? text.substr(0, text.size() - 1) : text);
            return value && isPercent ? std::optional(*value / 100) : value;
        }
        case FigureUnit::Seconds:
            return secondsOf(text);
        case FigureUnit::Rate: {
            const Result<double> rate = parseRate(text);
            return rate ? std::optional(rate.value()) : std::nullopt;
        }
    }
    return std::nullopt;
}

std::string_view boundForms(FigureUnit unit) {
    switch (unit) {
        case FigureUnit::Number:
            return "\">= 1.2\", \"<= 1.3\" or 0.9..1.1";
        case FigureUnit::Share:
            return "\">= 95%\", \"<= 5%\" or 95%..105%";
        case FigureUnit::Seconds:
            return "\">= 10ms\", \"<= 250ms\" or 10ms..20ms";
        case FigureUnit::Rate:
            return "\">= 400/s\", \"<= 20/s\" or 400/s..500/s";
    }
    return {};
}

}  // namespace

std::optional<ServiceLaw> readLaw(const YamlNode& node, const std::string& path,
                                  Findings& findings) {
    using Kind = ServiceLaw::Kind;
    const PhraseReader phrase(node, path, kLawForms, findings);
    if (phrase.isLike(2, "constant"))
        return oneMean(phrase, Kind::Constant);
    if (phrase.isLike(2, "exponential"))
        return oneMean(phrase, Kind::Exponential);
    if (phrase.isLike(4, "lognormal"))
        return lognormal(phrase);
    if (phrase.isLike(4, "pareto"))
        return pareto(phrase);
    if (phrase.isLike(5, "bimodal"))
        return bimodal(phrase);
    return phrase.wrongForm();
}

std::optional<double> readLoad(const YamlNode& node, const std::string& path, double capacity,
                               Findings& findings) {
    const PhraseReader phrase(node, path, "400/s, or 5x for five times the capacity", findings);
    const auto rate =
        phrase.words().size() == 1 ? rateOf(phrase.words()[0], capacity) : std::nullopt;
    if (!rate)
        return phrase.wrongForm();
    if (*rate > kMostRate)
        return phrase.outOfRange("a rate", kRateRange);
    return rate;
}

std::optional<RatePoint> readRatePoint(const YamlNode& node, const std::string& path,
                                       double capacity, Findings& findings) {
    const PhraseReader phrase(
        node, path, "400/s or 5x, with from 10s for a step or by 30s for a ramp", findings);
    const Words& words = phrase.words();
    if (words.size() != 1 && words.size() != 3)
        return phrase.wrongForm();
    const auto rate = rateOf(words[0], capacity);
    const auto at = words.size() == 3 ? secondsOf(words[2]) : std::optional(0.0);
    const bool isRamp = words.size() == 3 && words[1] == "by";
    if (!rate || !at || (words.size() == 3 && !isRamp && words[1] != "from"))
        return phrase.wrongForm();
    if (*rate > kMostRate)
        return phrase.outOfRange("a rate", kRateRange);
    return RatePoint{*at, *rate, isRamp};
}

bool readArrivalLaw(const YamlNode& node, const std::string& path, ArrivalSpec& arrivals,
                    Findings& findings) {
    const PhraseReader phrase(node, path, "poisson, even or bursts of 10", findings);
    const Words& words = phrase.words();
    if (phrase.isLike(1, "poisson")) {
        arrivals.law = ArrivalSpec::Law::Poisson;
    } else if (phrase.isLike(1, "even")) {
        arrivals.law = ArrivalSpec::Law::Even;
    } else if (phrase.isLike(3, "bursts") && words[1] == "of" && decimal(words[2])) {
        const double size = *decimal(words[2]);
        if (size < 1 || size > 100'000 || size != static_cast<int>(size)) {
            phrase.outOfRange("a burst", "a whole number, 1 to 100000");
            return false;
        }
        arrivals.law = ArrivalSpec::Law::Bursts;
        arrivals.burstSize = static_cast<int>(size);
    } else {
        phrase.wrongForm();
        return false;
    }
    return true;
}

std::optional<double> readNumber(const YamlNode& node, const std::string& path, double minimum,
                                 double maximum, Findings& findings) {
    const bool isText = node.kind != YamlNode::Kind::Scalar || node.quoted;
    const auto value = isText ? std::nullopt : decimal(node.text);
    if (!value) {
        findings.error("wrong-type",
                       fmt::format("{}: expected a number, found {}", path, found(node)),
                       node.span);
        return std::nullopt;
    }
    if (*value < minimum || *value > maximum) {
        findings.error(
            "out-of-range",
            fmt::format("{} is {}; it must be {} to {}", path, shown(node.text), minimum, maximum),
            node.span);
        return std::nullopt;
    }
    return value;
}

std::optional<Bounds> readBounds(const YamlNode& node, const std::string& path, FigureUnit unit,
                                 Findings& findings) {
    const PhraseReader phrase(node, path, boundForms(unit), findings);
    const Words& words = phrase.words();
    Bounds bounds;
    if (words.size() == 2 && (words[0] == ">=" || words[0] == "<=")) {
        const auto value = boundOf(words[1], unit);
        if (!value)
            return phrase.wrongForm();
        (words[0] == ">=" ? bounds.least : bounds.most) = *value;
        return bounds;
    }
    const std::size_t dots = words.size() == 1 ? words[0].find("..") : std::string_view::npos;
    if (dots == std::string_view::npos)
        return phrase.wrongForm();
    const auto least = boundOf(words[0].substr(0, dots), unit);
    const auto most = boundOf(words[0].substr(dots + 2), unit);
    if (!least || !most)
        return phrase.wrongForm();
    if (*least > *most)
        return phrase.outOfRange("the first bound", "at most the second");
    bounds.least = *least;
    bounds.most = *most;
    return bounds;
}

}  // namespace levee::simulator
