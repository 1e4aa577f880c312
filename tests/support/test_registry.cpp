// SPDX-License-Identifier: Apache-2.0
#include "tests/support/test_registry.h"

#include <QTest>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

namespace levee::test {
namespace {

struct Entry {
    std::string stem;
    TestFactory factory;
};

std::vector<Entry>& registry() {
    static std::vector<Entry> entries;
    return entries;
}

}  // namespace

int registerTest(const char* file, TestFactory factory) {
    registry().push_back({std::filesystem::path(file).stem().string(), std::move(factory)});
    return 0;
}

int runTests(int argc, char** argv) {
    const std::string wanted = argc > 1 && argv[1][0] != '-' ? argv[1] : "";
    QStringList arguments{QString::fromLocal8Bit(argv[0])};
    for (int i = wanted.empty() ? 1 : 2; i < argc; ++i)
        arguments << QString::fromLocal8Bit(argv[i]);
    int failures = 0;
    bool found = false;
    for (const Entry& entry : registry()) {
        if (!wanted.empty() && entry.stem != wanted)
            continue;
        found = true;
        const auto test = entry.factory();
        failures += QTest::qExec(test.get(), arguments);
    }
    if (!found) {
        std::cerr << "no test named '" << wanted << "' in this program; it has:\n";
        for (const Entry& entry : registry())
            std::cerr << "  " << entry.stem << '\n';
        return 1;
    }
    return failures;
}

}  // namespace levee::test
