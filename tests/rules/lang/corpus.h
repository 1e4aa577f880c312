// SPDX-License-Identifier: Apache-2.0
// Tests over a folder of files and their expected answers. UPDATE_EXPECT=1 in the environment
// writes the answers of the program over the expected ones; read the difference before you commit
// it.
#pragma once

#include <QByteArray>
#include <QDir>
#include <QFile>
#include <QString>
#include <QStringList>
#include <functional>
#include <map>
#include <string>

#include "tests/support/source_paths.h"

namespace levee::test {

inline std::string dataPath(const std::string& path) {
    return std::string(LEVEE_TEST_DATA) + "/" + path;
}

/// The bytes of a file under tests/data, "" when there is none.
inline std::string readData(const std::string& path) {
    QFile file(QString::fromStdString(dataPath(path)));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

inline QStringList filesIn(const std::string& folder, const char* pattern) {
    return QDir(QString::fromStdString(dataPath(folder))).entryList({pattern}, QDir::Files);
}

inline bool isUpdating() {
    return qEnvironmentVariableIsSet("UPDATE_EXPECT");
}

inline void writeData(const std::string& path, const std::string& text) {
    QFile file(QString::fromStdString(dataPath(path)));
    if (file.open(QIODevice::WriteOnly))
        file.write(QByteArray::fromStdString(text));
}

/// The golden text at `path`; written first when updating.
inline std::string golden(const std::string& path, const std::string& actual) {
    if (isUpdating())
        writeData(path, actual);
    return readData(path);
}

/// A table file: blocks of `== FILE` and the lines that belong to it.
inline std::map<std::string, std::string> readTable(const std::string& path) {
    std::map<std::string, std::string> table;
    std::string* block = nullptr;
    for (const QByteArray& line : QByteArray::fromStdString(readData(path)).split('\n')) {
        if (line.startsWith("== "))
            block = &table[line.mid(3).toStdString()];
        else if (block != nullptr && !line.isEmpty())
            *block += line.toStdString() + '\n';
    }
    return table;
}

/// The table of what `answer` says about each file of the folder.
inline std::map<std::string, std::string> answers(
    const std::string& folder, const char* pattern,
    const std::function<std::string(const std::string& text, const std::string& name)>& answer) {
    std::map<std::string, std::string> table;
    for (const QString& file : filesIn(folder, pattern)) {
        const std::string name = file.toStdString();
        table[name] = answer(readData(folder + "/" + name), name);
    }
    if (isUpdating()) {
        std::string text;
        for (const auto& [name, lines] : table)
            text += "== " + name + "\n" + lines;
        writeData(folder + "/expected.txt", text);
    }
    return table;
}

}  // namespace levee::test
