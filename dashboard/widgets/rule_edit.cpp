// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/rule_edit.h"

#include <Qsci/qscilexeryaml.h>
#include <Qsci/qsciscintilla.h>
#include <Qsci/qscistyle.h>

#include <QPainter>
#include <QShortcut>
#include <QToolTip>
#include <QVBoxLayout>
#include <algorithm>

#include "dashboard/widgets/format.h"
#include "dashboard/widgets/state_glyph.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {

constexpr std::size_t kMostMarks = 200;
constexpr std::size_t kMostWords = 200;
constexpr int kErrorIndicator = 8;
constexpr int kWarningIndicator = 9;
constexpr int kErrorMarker = 2;
constexpr int kWarningMarker = 3;

bool isError(const Diagnostic& diagnostic) {
    return diagnostic.severity == Severity::Error;
}

/// The lexer with every style taken from the theme.
void styleLexer(QsciLexerYAML& lexer, const Theme& theme) {
    const QFont font = theme.monoFont();
    lexer.setDefaultFont(font);
    lexer.setFont(font);
    lexer.setDefaultPaper(theme.surface);
    lexer.setPaper(theme.surface);
    lexer.setDefaultColor(theme.text);
    lexer.setColor(theme.text);
    lexer.setColor(theme.codeComment, QsciLexerYAML::Comment);
    lexer.setColor(theme.codeKey, QsciLexerYAML::Identifier);
    lexer.setColor(theme.codeNumber, QsciLexerYAML::Keyword);
    lexer.setColor(theme.codeNumber, QsciLexerYAML::Number);
    lexer.setColor(theme.codeNumber, QsciLexerYAML::Reference);
    lexer.setColor(theme.codeComment, QsciLexerYAML::DocumentDelimiter);
    lexer.setColor(theme.codeString, QsciLexerYAML::TextBlockMarker);
    lexer.setColor(theme.textDim, QsciLexerYAML::Operator);
    // The validator says what is wrong, in words; the lexer must not shout about half-typed lines.
    lexer.setColor(theme.text, QsciLexerYAML::SyntaxErrorMarker);
    QFont italic = font;
    italic.setItalic(true);
    lexer.setFont(italic, QsciLexerYAML::Comment);
}

}  // namespace

class RuleEdit::Editor : public QsciScintilla {
public:
    Editor(RuleEdit& owner, ThemeController& controller)
        : QsciScintilla(&owner), themes(controller), lexer(this) {
        setUtf8(true);
        setLexer(&lexer);
        setTabWidth(2);
        setIndentationsUseTabs(false);
        setAutoIndent(true);
        setBackspaceUnindents(true);
        setIndentationGuides(true);
        setCaretLineVisible(true);
        setCaretWidth(2);
        setEolMode(QsciScintilla::EolUnix);
        setFrameShape(QFrame::NoFrame);
        setScrollWidth(1);
        setScrollWidthTracking(true);
        setAnnotationDisplay(AnnotationStandard);
        setExtraAscent(2);
        setExtraDescent(2);
        setMarginType(0, NumberMargin);
        setMarginType(1, SymbolMargin);
        setMarginWidth(1, 16);
        setMarginMarkerMask(1, (1 << kErrorMarker) | (1 << kWarningMarker));
        setFolding(PlainFoldStyle, 2);
        indicatorDefine(SquigglePixmapIndicator, kErrorIndicator);
        indicatorDefine(SquiggleLowIndicator, kWarningIndicator);
        setIndicatorDrawUnder(true, kErrorIndicator);
        SendScintilla(SCI_SETMOUSEDWELLTIME, 350);
        setAccessibleName(RuleEdit::tr("Rules as YAML"));
        restyle();
    }
    ~Editor() override { setLexer(nullptr); }

    void restyle() {
        const Theme& theme = themes.theme();
        styleLexer(lexer, theme);
        setPaper(theme.surface);
        setColor(theme.text);
        setCaretForegroundColor(theme.text);
        setCaretLineBackgroundColor(theme.isDark ? theme.surface.lighter(125)
                                                 : theme.surface.darker(104));
        setSelectionBackgroundColor(theme.selection);
        resetSelectionForegroundColor();
        setMarginsBackgroundColor(theme.surface);
        setMarginsForegroundColor(theme.textDim);
        setMarginsFont(theme.monoFont(9));
        setFoldMarginColors(theme.surface, theme.surface);
        setIndentationGuidesForegroundColor(theme.grid);
        setIndentationGuidesBackgroundColor(theme.surface);
        setIndicatorForegroundColor(theme.failing, kErrorIndicator);
        setIndicatorForegroundColor(theme.degraded, kWarningIndicator);
        markerDefine(markerPixmap(VisualState::Failing), kErrorMarker);
        markerDefine(markerPixmap(VisualState::Degraded), kWarningMarker);
        styleFoldMarkers(theme);
        const QColor ground = theme.isDark ? theme.raised.darker(112) : theme.raised;
        annotationStyle = std::make_unique<QsciStyle>(-1, QStringLiteral("message"), theme.text,
                                                      ground, theme.font(9), true);
        sizeNumberMargin();
        showMarks();
    }

    /// Small arrows in place of boxes. Sent raw: the wrapper refuses the fold markers' numbers.
    void styleFoldMarkers(const Theme& theme) {
        for (unsigned marker = SC_MARKNUM_FOLDEREND; marker <= SC_MARKNUM_FOLDEROPEN; ++marker) {
            SendScintilla(SCI_MARKERDEFINE, marker, long(SC_MARK_EMPTY));
            SendScintilla(SCI_MARKERSETFORE, marker, theme.textDim);
            SendScintilla(SCI_MARKERSETBACK, marker, theme.textDim);
        }
        SendScintilla(SCI_MARKERDEFINE, SC_MARKNUM_FOLDEROPEN, long(SC_MARK_ARROWDOWN));
        for (const unsigned closed : {unsigned(SC_MARKNUM_FOLDER), unsigned(SC_MARKNUM_FOLDEREND)})
            SendScintilla(SCI_MARKERDEFINE, closed, long(SC_MARK_ARROW));
    }

    QPixmap markerPixmap(VisualState state) const {
        constexpr int kSize = 12;
        QPixmap pixmap(kSize, kSize);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        drawStateGlyph(painter, QRectF(1, 1, kSize - 2, kSize - 2), state, themes.theme());
        return pixmap;
    }

    void sizeNumberMargin() {
        const int digits = std::max(2, int(QString::number(lines()).size()));
        setMarginWidth(0, QString(digits + 1, QLatin1Char('0')));
    }

    /// Characters of `line` (from 0) before byte column `column` (from 1).
    int characterAt(int line, int column) const {
        const QByteArray bytes = text(line).toUtf8();
        return int(QString::fromUtf8(bytes.left(std::max(0, column - 1))).size());
    }

    /// Where the underlined part ends: the given length, else the token, else the line.
    int markEnd(int line, const SourcePlace& place, int from) const {
        QString content = text(line);
        while (content.endsWith(QLatin1Char('\n')) || content.endsWith(QLatin1Char('\r')))
            content.chop(1);
        if (place.length > 0)
            return std::min(int(content.size()), characterAt(line, place.column + place.length));
        int end = from;
        while (end < content.size() && !content[end].isSpace() && content[end] != QLatin1Char(':'))
            ++end;
        return end > from ? end : int(content.size());
    }

    int lineOf(const Diagnostic& diagnostic) const {
        return std::clamp(diagnostic.place.line - 1, 0, std::max(0, lines() - 1));
    }

    void showMarks() {
        markerDeleteAll(kErrorMarker);
        markerDeleteAll(kWarningMarker);
        clearAnnotations();
        const int last = lines() - 1;
        for (const int indicator : {kErrorIndicator, kWarningIndicator})
            clearIndicatorRange(0, 0, last, int(text(last).size()), indicator);
        for (std::size_t i = 0; i < std::min(diagnostics.size(), kMostMarks); ++i)
            showMark(diagnostics[i]);
    }

    void showMark(const Diagnostic& diagnostic) {
        const int line = lineOf(diagnostic);
        const int indicator = isError(diagnostic) ? kErrorIndicator : kWarningIndicator;
        const int from =
            diagnostic.place.column > 0
                ? characterAt(line, diagnostic.place.column)
                : int(text(line).size() - text(line).trimmed().size() > 0
                          ? std::max<qsizetype>(0, text(line).indexOf(text(line).trimmed()))
                          : 0);
        fillIndicatorRange(line, from, line, markEnd(line, diagnostic.place, from), indicator);
        markerAdd(line, isError(diagnostic) ? kErrorMarker : kWarningMarker);
        if (!annotationsVisible)
            return;
        QString message = annotation(line);
        if (!message.isEmpty())
            message += QLatin1Char('\n');
        message += QStringLiteral("  ") +
                   (isError(diagnostic) ? QStringLiteral("✖ ") : QStringLiteral("▲ ")) +
                   plainLine(QString::fromStdString(diagnostic.message), 400);
        annotate(line, message, *annotationStyle);
    }

    /// Messages of the marks that cover a position, one a line.
    QString messagesAt(int line, int character) const {
        QStringList messages;
        for (const Diagnostic& diagnostic : diagnostics) {
            if (lineOf(diagnostic) != line)
                continue;
            const int from = characterAt(line, diagnostic.place.column);
            if (diagnostic.place.column > 0 &&
                (character < from || character > markEnd(line, diagnostic.place, from)))
                continue;
            messages << QString::fromStdString(diagnostic.message);
        }
        return messages.join(QLatin1Char('\n'));
    }

    /// The list of words below the cursor. What is typed of the present one is replaced.
    void complete() {
        if (!completer || isReadOnly())
            return;
        int line = 0;
        int index = 0;
        getCursorPosition(&line, &index);
        words.clear();
        QByteArrayList list;
        for (const EditWord& each : completer(line + 1, index + 1)) {
            if (words.size() >= kMostWords)
                break;
            words.push_back(each);
            list << each.word.trimmed().toUtf8();
        }
        if (list.isEmpty()) {
            SendScintilla(SCI_AUTOCCANCEL);
            return;
        }
        int typed = 0;
        const QString before = text(line).left(index);
        while (typed < before.size() && !QStringLiteral(" :{,").contains(before[index - 1 - typed]))
            ++typed;
        SendScintilla(SCI_AUTOCSETSEPARATOR, static_cast<unsigned long>('\n'));
        SendScintilla(SCI_AUTOCSETORDER, static_cast<unsigned long>(SC_ORDER_CUSTOM));
        SendScintilla(SCI_AUTOCSETIGNORECASE, 1UL);
        SendScintilla(SCI_AUTOCSHOW,
                      static_cast<unsigned long>(before.right(typed).toUtf8().size()),
                      list.join('\n').constData());
    }

    ThemeController& themes;
    std::function<std::vector<EditWord>(int, int)> completer;
    std::function<QString(int)> explainer;
    std::vector<EditWord> words;  ///< in the list now
    QsciLexerYAML lexer;
    std::unique_ptr<QsciStyle> annotationStyle;
    Diagnostics diagnostics;
    bool annotationsVisible = true;
    bool loading = false;
};

RuleEdit::RuleEdit(ThemeController& themes, QWidget* parent)
    : QWidget(parent), editor_(std::make_unique<Editor>(*this, themes)) {
    auto* box = new QVBoxLayout(this);
    box->setContentsMargins(0, 0, 0, 0);
    box->addWidget(editor_.get());
    setFocusProxy(editor_.get());
    connect(&themes, &ThemeController::changed, this, [this] { editor_->restyle(); });
    connect(editor_.get(), &QsciScintilla::textChanged, this, [this] {
        editor_->sizeNumberMargin();
        if (!editor_->loading)
            emit textEdited();
    });
    connect(editor_.get(), &QsciScintillaBase::SCN_CHARADDED, this, [this](int added) {
        const QChar c(added);
        if (c.isLetterOrNumber() || c == QLatin1Char(' '))
            editor_->complete();
    });
    auto* ask = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Space), editor_.get(), nullptr,
                              nullptr, Qt::WidgetWithChildrenShortcut);
    connect(ask, &QShortcut::activated, this, &RuleEdit::complete);
    connect(editor_.get(), &QsciScintilla::cursorPositionChanged, this,
            [this](int line, int index) { emit cursorMoved(line + 1, index + 1); });
    connect(editor_.get(), &QsciScintillaBase::SCN_DWELLSTART, this, [this](int at, int x, int y) {
        if (at < 0)
            return;
        int line = 0;
        int character = 0;
        editor_->lineIndexFromPosition(at, &line, &character);
        QString text = editor_->messagesAt(line, character);
        if (text.isEmpty() && editor_->explainer)
            text = editor_->explainer(line + 1);
        if (!text.isEmpty())
            QToolTip::showText(editor_->viewport()->mapToGlobal(QPoint(x, y)),
                               text.toHtmlEscaped().replace('\n', "<br>"), editor_.get());
    });
}

RuleEdit::~RuleEdit() {
    // The editor's last signals would find it half destroyed.
    editor_->disconnect(this);
}

QString RuleEdit::text() const {
    return editor_->text();
}

void RuleEdit::setText(const QString& text) {
    editor_->loading = true;
    const bool readOnly = editor_->isReadOnly();
    editor_->setReadOnly(false);
    editor_->setText(text);
    editor_->SendScintilla(QsciScintilla::SCI_EMPTYUNDOBUFFER);
    editor_->setModified(false);
    editor_->setReadOnly(readOnly);
    editor_->diagnostics.clear();
    editor_->showMarks();
    editor_->loading = false;
}

bool RuleEdit::isReadOnly() const {
    return editor_->isReadOnly();
}

void RuleEdit::setReadOnly(bool readOnly) {
    editor_->setReadOnly(readOnly);
    editor_->setCaretLineVisible(!readOnly);
}

bool RuleEdit::isModified() const {
    return editor_->isModified();
}

void RuleEdit::setModified(bool modified) {
    editor_->setModified(modified);
}

void RuleEdit::setDiagnostics(const Diagnostics& diagnostics) {
    editor_->diagnostics = diagnostics;
    editor_->showMarks();
}

void RuleEdit::setAnnotationsVisible(bool visible) {
    editor_->annotationsVisible = visible;
    editor_->showMarks();
}

void RuleEdit::goTo(int line, int column) {
    const int row = std::clamp(line - 1, 0, std::max(0, editor_->lines() - 1));
    editor_->setCursorPosition(row, editor_->characterAt(row, column));
    editor_->ensureLineVisible(row);
}

int RuleEdit::cursorLine() const {
    int line = 0;
    int index = 0;
    editor_->getCursorPosition(&line, &index);
    return line + 1;
}

void RuleEdit::setCompleter(std::function<std::vector<EditWord>(int, int)> completer) {
    editor_->completer = std::move(completer);
}

void RuleEdit::setExplainer(std::function<QString(int)> explainer) {
    editor_->explainer = std::move(explainer);
}

void RuleEdit::complete() {
    editor_->complete();
}

bool RuleEdit::isCompleting() const {
    return editor_->SendScintilla(QsciScintilla::SCI_AUTOCACTIVE) != 0;
}

}  // namespace levee
