// SPDX-License-Identifier: Apache-2.0
// Several Qt Test classes in one program: LEVEE_TEST(MyTest) at the end of foo_test.cpp registers
// the class under the file's stem, and `<program> foo_test [Qt Test arguments]` runs it alone.
#pragma once

#include <QObject>
#include <functional>
#include <memory>

namespace levee::test {

using TestFactory = std::function<std::unique_ptr<QObject>()>;

/// Called by LEVEE_TEST before main(). `file` is __FILE__ of the test.
int registerTest(const char* file, TestFactory factory);

/// Runs the tests named in argv[1], or every registered one. Returns the number of failures.
int runTests(int argc, char** argv);

}  // namespace levee::test

#define LEVEE_TEST(Class)                     \
    static const int leveeRegistered##Class = \
        ::levee::test::registerTest(__FILE__, [] { return std::make_unique<Class>(); });
