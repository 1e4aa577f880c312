// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/attention_list.h"

#include <QPainter>
#include <QStyledItemDelegate>
#include <algorithm>
#include <utility>

#include "dashboard/model/roles.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {
constexpr int kLineHeight = 30;
constexpr int kTallHeight = 44;  ///< title over note
constexpr int kMostLines = 8;
constexpr int kGlyph = 12;
constexpr int kPadding = 12;
constexpr int kNoteRole = Qt::UserRole + 100;
constexpr int kStateRole = Qt::UserRole + 101;
}  // namespace

class AttentionList::Model final : public QAbstractListModel {
public:
    using QAbstractListModel::QAbstractListModel;

    void setItems(std::vector<AttentionItem> items) {
        if (items == items_)
            return;
        const bool isSameLength = items.size() == items_.size();
        if (!isSameLength)
            beginResetModel();
        items_ = std::move(items);
        if (!isSameLength)
            endResetModel();
        else if (!items_.empty())
            emit dataChanged(index(0), index(rowCount({}) - 1));
    }
    int rowCount(const QModelIndex& parent) const override {
        return parent.isValid() ? 0 : static_cast<int>(items_.size());
    }
    QVariant data(const QModelIndex& index, int role) const override {
        if (!index.isValid() || index.row() >= rowCount({}))
            return {};
        const AttentionItem& item = items_[static_cast<std::size_t>(index.row())];
        switch (role) {
            case Qt::DisplayRole:
                return item.title;
            case Qt::AccessibleTextRole:
                return item.title + QLatin1String(", ") + wordOf(item.state) + QLatin1String(", ") +
                       item.note;
            case SubjectRole:
                return item.subject;
            case kNoteRole:
                return item.note;
            case kStateRole:
                return static_cast<int>(item.state);
            default:
                return {};
        }
    }
    int rowOf(const QString& subject) const {
        const auto found = std::ranges::find(items_, subject, &AttentionItem::subject);
        return found == items_.end() ? -1 : static_cast<int>(found - items_.begin());
    }

private:
    std::vector<AttentionItem> items_;
};

class AttentionList::Delegate final : public QStyledItemDelegate {
public:
    Delegate(ThemeController& themes, QObject* parent)
        : QStyledItemDelegate(parent), themes_(themes) {}

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override {
        return {160, lineHeight()};
    }
    int lineHeight() const { return isTall_ ? kTallHeight : kLineHeight; }
    /// Whether the notes stand under the titles. Returns whether that is a change.
    bool setTall(bool isTall) { return std::exchange(isTall_, isTall) != isTall; }
    static int widthOf(const QModelIndex& index, const Theme& theme) {
        return 2 * kPadding + kGlyph + 8 +
               QFontMetrics(theme.font()).horizontalAdvance(index.data().toString()) + 8 +
               QFontMetrics(theme.font(8.5)).horizontalAdvance(index.data(kNoteRole).toString()) +
               3;
    }
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        const Theme& theme = themes_.theme();
        const bool isSelected = option.state.testFlag(QStyle::State_Selected);
        if (isSelected)
            painter->fillRect(option.rect, theme.selection);
        else if (option.state.testFlag(QStyle::State_MouseOver))
            painter->fillRect(option.rect, theme.raised);
        QRect area = option.rect.adjusted(kPadding, 0, -kPadding, 0);
        const QString title = index.data(Qt::DisplayRole).toString();
        const QString note = index.data(kNoteRole).toString();
        if (isTall_)
            area.adjust(0, 3, 0, -3);
        const QRect first = isTall_ ? area.adjusted(0, 0, 0, -area.height() / 2) : area;
        drawStateGlyph(*painter,
                       QRectF(area.left(), first.center().y() - kGlyph / 2.0 + 0.5, kGlyph, kGlyph),
                       static_cast<VisualState>(index.data(kStateRole).toInt()), theme);
        const QColor dim = isSelected ? theme.selectedText : theme.textDim;
        const QColor strong = isSelected ? theme.selectedText : theme.text;
        if (isTall_) {
            const QRect words = first.adjusted(kGlyph + 8, 0, 0, 0);
            drawElided(*painter, words, title, theme.font(), strong, Qt::AlignLeft);
            drawElided(*painter, words.translated(0, area.height() / 2), note, theme.font(8.5), dim,
                       Qt::AlignLeft);
            return;
        }
        const int noteWidth = std::min(QFontMetrics(theme.font(8.5)).horizontalAdvance(note) + 3,
                                       area.width() * 6 / 10);
        drawElided(*painter, area.adjusted(area.width() - noteWidth, 0, 0, 0), note,
                   theme.font(8.5), dim, Qt::AlignRight);
        drawElided(*painter, area.adjusted(kGlyph + 8, 0, -noteWidth - 8, 0), title, theme.font(),
                   strong, Qt::AlignLeft);
    }

private:
    static void drawElided(QPainter& painter, const QRect& box, const QString& text,
                           const QFont& font, const QColor& color, Qt::AlignmentFlag side) {
        painter.setFont(font);
        painter.setPen(color);
        painter.drawText(box, static_cast<int>(side | Qt::AlignVCenter),
                         painter.fontMetrics().elidedText(text, Qt::ElideMiddle, box.width()));
    }

    ThemeController& themes_;
    bool isTall_ = false;
};

AttentionList::AttentionList(ThemeController& themes, QWidget* parent)
    : QListView(parent),
      themes_(themes),
      model_(new Model(this)),
      delegate_(new Delegate(themes, this)) {
    setModel(model_);
    setItemDelegate(delegate_);
    setUniformItemSizes(true);
    setFrameShape(NoFrame);
    setMouseTracking(true);
    setEditTriggers(NoEditTriggers);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    connect(this, &QListView::clicked, this, [this](const QModelIndex& index) {
        shownSubject_ = index.data(SubjectRole).toString();
        emit subjectChosen(shownSubject_);
    });
    connect(this, &QListView::activated, this, [this](const QModelIndex& index) {
        emit subjectActivated(index.data(SubjectRole).toString());
    });
    connect(&themes, &ThemeController::changed, this, [this] { viewport()->update(); });
}

void AttentionList::setItems(std::vector<AttentionItem> items) {
    model_->setItems(std::move(items));
    showSubject(shownSubject_);
    chooseHeight();
    updateGeometry();
    viewport()->update();
}

void AttentionList::chooseHeight() {
    bool isTall = false;
    for (int row = 0; row < model_->rowCount({}); ++row)
        isTall =
            isTall || Delegate::widthOf(model_->index(row), themes_.theme()) > viewport()->width();
    if (!delegate_->setTall(isTall))
        return;
    scheduleDelayedItemsLayout();
    updateGeometry();
}

void AttentionList::resizeEvent(QResizeEvent* event) {
    QListView::resizeEvent(event);
    chooseHeight();
}

void AttentionList::setEmptyText(const QString& text) {
    emptyText_ = text;
    updateGeometry();
    viewport()->update();
}

void AttentionList::showSubject(const QString& subject) {
    shownSubject_ = subject;
    const int row = model_->rowOf(subject);
    if (row < 0) {
        clearSelection();
        setCurrentIndex({});
    } else {
        setCurrentIndex(model_->index(row));
    }
}

QSize AttentionList::sizeHint() const {
    const int lines = std::clamp(model_->rowCount({}), 1, kMostLines);
    return {180, lines * delegate_->lineHeight() + 2};
}

QSize AttentionList::minimumSizeHint() const {
    return {120, std::min(sizeHint().height(), 2 * delegate_->lineHeight())};
}

void AttentionList::paintEvent(QPaintEvent* event) {
    QListView::paintEvent(event);
    if (model_->rowCount({}) > 0 || emptyText_.isEmpty())
        return;
    QPainter painter(viewport());
    painter.setPen(themes_.theme().textDim);
    painter.setFont(themes_.theme().font(8.5));
    painter.drawText(viewport()->rect().adjusted(kPadding, 2, -kPadding, -2),
                     static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter | Qt::TextWordWrap),
                     emptyText_);
}

}  // namespace levee
