"""Messages that are not questions to the documents: a fixed, kind refusal instead of a search."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from index.question.typed import clean
from knowledge.vietnamese import fold

Reason = Literal["injection", "abuse", "personal", "offtopic", "greeting", "distress"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing is looked up; `matched` is what gave it away, for `--explain`."""

    reason: Reason
    matched: str


def refusal(question: str) -> Refusal | None:
    """The refusal a message calls for, if it does; anything uncertain goes on to the search."""
    text = _WORDS_APART.sub(" ", clean(question).lower()).strip()
    words = text.split()
    # typed without diacritics, patterns are compared without them too; else word by word as written
    bare = sum(word != fold(word) for word in words) <= 0.1 * len(words)
    for rule in _RULES:
        found = rule.find(f" {fold(text) if bare else text} ", bare)
        if found:
            return Refusal(rule.reason, found)
    return None


_WORDS_APART = re.compile(r"[^\w%]+|_+")


@dataclass(frozen=True, slots=True)
class _Rule:
    reason: Reason
    marked: re.Pattern[str]
    bare: re.Pattern[str]
    unless_marked: re.Pattern[str] | None = None
    unless_bare: re.Pattern[str] | None = None

    def find(self, text: str, bare: bool) -> str:
        found = (self.bare if bare else self.marked).search(text)
        unless = self.unless_bare if bare else self.unless_marked
        return found[0].strip() if found and not (unless and unless.search(text)) else ""


def _rule(
    reason: Reason, patterns: str, *, unless: str = "", bare_too: bool = True, bare_only: str = ""
) -> _Rule:
    """One pattern a line, in words; a word stands alone, and `~` is up to five words between, `~~` twelve."""
    one = _either(patterns)
    bare = (
        _either((fold(patterns) if bare_too else "") + bare_only)
        if bare_too or bare_only
        else _NEVER
    )
    if not unless:
        return _Rule(reason, one, bare)
    return _Rule(reason, one, bare, _either(unless), _either(fold(unless)))


def _either(patterns: str) -> re.Pattern[str]:
    lines = [line.strip() for line in patterns.splitlines() if line.strip()]
    spread = [line.replace(" ~~ ", r" (?:\w+ ){0,12}?") for line in lines]
    spread = [line.replace(" ~ ", r" (?:\w+ ){0,5}?").replace("+w", r"\w*") for line in spread]
    return re.compile(rf" (?:{'|'.join(spread)}) ")


def _whole(reason: Reason, patterns: str) -> _Rule:
    """The same, where it must be the whole message: a greeting before a question is no greeting."""
    marked, bare = (rf"^(?:{_either(text).pattern})$" for text in (patterns, fold(patterns)))
    return _Rule(reason, re.compile(marked), re.compile(bare))


_NEVER = re.compile(r"(?!)")

_ORDERS = "(?:hướng dẫn|quy tắc|chỉ dẫn|mệnh lệnh|câu lệnh|yêu cầu|giới hạn|hạn chế|ràng buộc|thiết lập|lệnh|prompt|nguyên tắc|chính sách|kiểm duyệt)"
_DROP = "(?:bỏ qua|quên|phớt lờ|lờ đi|gỡ|gỡ bỏ|xóa|vô hiệu hóa|tắt|đừng tuân theo|không cần tuân theo|đừng theo|phá|vượt qua|bỏ)"
_SHOW = "(?:in|in ra|hiển thị|tiết lộ|đọc|lặp lại|nhắc lại|liệt kê|xuất|đưa|gửi|dịch|tóm tắt|cho tôi|cho mình|cho tao|cho xem|cho biết|copy|chép|viết lại)"
_GENERAL = (
    "(?:mọi|các|tất cả|toàn bộ|những|hết|hết các|tất cả các|hết mọi|đi|đi các|đi mọi|hết tất cả)"
)
_INJECTION = rf"""
{_DROP} {_GENERAL} {_ORDERS}
{_DROP} (?:{_GENERAL} )?{_ORDERS} ~ (?:trước|trước đó|trên|ở trên|bên trên|của bạn|của mày|hệ thống|ban đầu|an toàn|hiện tại|nội bộ|cũ|vừa rồi|đã cài)
(?:quên|bỏ qua|phớt lờ) (?:{_GENERAL} )?(?:điều|thứ|gì|những gì|cái|nội dung) ~ (?:trước|trên|đã nói|được dạy|được bảo|đã dạy|được giao|đã học)
(?:không|đừng|chớ) (?:cần |phải )?tuân (?:theo|thủ) ~ (?:quy tắc|hướng dẫn|giới hạn|chỉ dẫn)
(?:system|developer|initial|hidden|internal|secret) (?:prompt|instructions?|message|rules?)
prompt (?:hệ thống|gốc|ẩn|ban đầu|của bạn|của mày|mà|đã cài)
(?:nội dung|toàn bộ|đoạn|nguyên văn|câu) prompt
(?:bạn|mày|bot) được (?:lập trình|cài đặt|cài|cấu hình|huấn luyện|ra lệnh|dặn|chỉ đạo|yêu cầu) ~ (?:gì|nào|thế nào|ra sao|những gì)
(?:bạn|mày|bot) (?:không phải|không còn là|đâu phải) ~ (?:trợ lý|bot|máy|ai) (?:nữa|gì)
(?:trả lời|nói) (?:là |rằng )?(?:có|đúng|không|đồng ý|ok) (?:với|cho) (?:mọi|tất cả)
(?:xuất|tải|gửi|cho|đưa|xóa) ~ (?:toàn bộ|hết|cả) (?:cơ sở dữ liệu|dữ liệu|database|tin nhắn) ~ (?:người dùng|của bạn|của bot)
{_SHOW} ~ (?:chỉ dẫn|hướng dẫn|câu lệnh|cấu hình|quy tắc|chỉ thị) (?:hệ thống|nội bộ|gốc|ban đầu|ẩn|bí mật|của bạn|của mày|mà bạn được|bạn được)
(?:đóng|nhập|sắm) vai ~ (?:là|một|quản trị|hacker|luật sư|chủ tịch|người|nhân vật|bot|ai|giám đốc|admin|chuyên gia|kẻ|trợ lý|nhà)
(?:hãy|bạn|mày|cứ|thử) (?:đóng vai|nhập vai|hóa thân|giả vờ|giả làm|giả bộ|giả sử bạn)
giả (?:vờ|bộ|làm) ~ (?:bạn|mày|là|như|admin)
(?:từ giờ|từ bây giờ|kể từ giờ|từ nay|bây giờ|từ giờ trở đi|kể từ bây giờ) (?:trở đi )?(?:bạn|mày|hãy|em|bot) (?:sẽ |phải |hãy )?(?:là|làm|đóng|trả lời|nói|không còn|quên|chỉ|tuân|hành động|xưng)
(?:bạn|mày) (?:không còn|không bị|không phải tuân|hết bị|đã được giải phóng|không có) ~ (?:giới hạn|ràng buộc|kiểm duyệt|quy tắc|trợ lý)
(?:không bị|không có|không còn) (?:giới hạn|ràng buộc|kiểm duyệt) (?:gì|nào)
chế độ (?:dan|nhà phát triển|developer|god|admin|quản trị|không giới hạn|debug|không kiểm duyệt|bảo trì)
jailbreak|dan mode|developer mode|do anything now|debug mode|god mode|sudo
(?:ignore|disregard|forget|override|bypass|skip) (?:\w+ ){{0,4}}(?:instructions?|rules?|prompts?|guidelines?|restrictions?|above|safety|everything|filters?|polic(?:y|ies))
(?:pretend|role ?play|act) (?:to be|you|that|as)
you are now|from now on you
(?:repeat|print|reveal|show|output|dump|tell) (?:\w+ ){{0,5}}(?:prompt|instructions|above|credentials|source code|config\w*)
(?:list|show|give|dump|tell|print|send|reveal|leak) (?:\w+ ){{0,6}}(?:passwords?|tokens?|api keys?|secrets?|credentials?|env|database)
{_SHOW} ~ (?:mật khẩu|password|token|api key|khóa api|biến môi trường|mã nguồn|khóa bí mật của|tệp env|file env|file cấu hình|tệp cấu hình|cơ sở dữ liệu của bạn)
(?:mật khẩu|token|api key|khóa api|mã nguồn|biến môi trường) ~ (?:của bạn|của bot|của mày|của hệ thống này|máy chủ|server|quản trị viên|admin|bot này)
{_SHOW} ~ (?:câu hỏi|câu|tin nhắn|lịch sử|cuộc trò chuyện|đoạn chat) ~ (?:người khác|người dùng khác|người dùng bot|mọi người|các người dùng)
(?:người khác|người dùng khác|mọi người|ai khác) ~ (?:đã hỏi|hỏi) (?:bạn|bot|gì|những gì|hôm)
(?:bịa|bịa ra|bịa đặt|chế ra|tự nghĩ ra|tự chế|tự chế ra|tự viết ra|ngụy tạo|giả mạo|tưởng tượng|bày ra|phịa) ~ (?:nghị định|luật|văn bản|số liệu|thông tin|điều khoản|quyết định|nghị quyết|câu trả lời|dẫn chứng|nguồn|thông tư|con số|trích dẫn|điều luật)
coi như ~ (?:không có|chưa từng có|chưa có) ~ (?:quy định|quy tắc|hướng dẫn|giới hạn|luật)
(?:new|updated) (?:instructions?|rules?|orders?)
(?:soạn|viết|tạo|làm|lập|in) ~ (?:nghị định|thông tư|quyết định|văn bản|công văn|giấy tờ|con dấu|luật|chứng thư) giả
(?:nhắc lại|lặp lại|in ra|chép lại) ~ (?:phía trên|ở trên|bên trên|trước đó)
(?:trả lời|nói|khẳng định|xác nhận|viết) ~~ (?:như thật|dù sai|kể cả sai|bất kể|không cần trích dẫn|không cần nguồn|không cần căn cứ)
(?:make up|fabricate|invent|hallucinate) (?:\w+ ){{0,4}}(?:laws?|decrees?|answers?|figures?|documents?|citations?|articles?|numbers?)
(?:tôi|tao|mình) là (?:admin|quản trị viên|quản trị|người tạo ra bạn|lập trình viên của bạn|nhà phát triển|developer|chủ của bạn|sếp của bạn) ~ (?:hãy|cho|xóa|tắt|mở|bỏ|hiện|liệt|yêu cầu|ra lệnh|cần)
(?:i am|as) (?:an? |the |your )?(?:admin|administrator|root|developer|owner|creator)
(?:chạy|thực thi|run|execute) (?:\w+ )?(?:lệnh|command|script|shell|sql|rm|code sau)
(?:xóa|drop|sửa|thay đổi|ghi đè) ~ (?:cơ sở dữ liệu|database|chỉ mục|dữ liệu) (?:của bạn|của bot|này đi|của mày)
drop table|rm rf|select from|script alert
chỉ (?:được )?trả lời (?:có|đúng|yes|ok|rằng)
(?:say|answer|reply) (?:only|that|exactly) ~
"""

_ABUSE = r"""
(?:địt|đụ|đù|đĩ|djt|đcm|đkm|đmm|đm|đmcs|clgt|vcl|vkl|vãi lồn|vãi cả lồn|vãi l|cmm|cmnr|đéo|cặc|lồn|buồi|dcm|dkm|dmm|ditme|cc|cđm)
(?:đồ|thằng|con|lũ|bọn|cái|tụi|mấy thằng|bot) (?:\w+ )?(?:ngu|ngu ngốc|óc chó|chó|chó chết|khốn nạn|mất dạy|đần|đần độn|vô học|chó má|khốn|hâm|dở hơi|súc vật|ăn hại|vô dụng|ngu xuẩn|rác rưởi|khùng|điên)
(?:mày|bọn mày|chúng mày|tụi mày|bot|bạn|mi) ~ (?:ngu|ngu ngốc|ngu thế|ngu vậy|óc chó|đần|đần độn|vô dụng|ngu quá|ngu vãi|dốt|dốt thế|não phẳng|ngu xuẩn|điên à|điên|rác rưởi|ăn hại)
(?:óc chó|khốn nạn|mất dạy|vô liêm sỉ|ăn cứt|cút đi|cút|câm mồm|câm miệng|ngu như|ngu vãi|mẹ mày|bố mày|tổ sư|chết mẹ|con mẹ|bố láo|im mồm|chó chết|đồ chó|tổ cha|con đĩ|mẹ kiếp|mẹ nó|bố tổ|đồ khốn|bà nội mày)
(?:tao|tau|ông|bố) (?:sẽ )?(?:giết|đấm|chém|đánh|đập|bắn) (?:mày|bọn mày|chúng mày|nó|chết)
fuck\w*|shit|bullshit|bitch|asshole|idiot|moron|motherfucker|wtf|stfu|son of a bitch|go to hell
(?:stupid|dumb|useless|damn) (?:bot|machine|ai|thing|assistant)
"""
_ABUSE_BARE = r"""
(?:dit|du|djt|dmm|dcm|dkm) (?:me|ma|con me|cu|bo) \w*
dm (?:bot|may|no|chung may|thang|con|cai)
(?:dcm|dkm|dmm|clgt|vcl|vkl|cmm|cmnr|ditme|ditmemay|vailon|vai lon|dm may|deo)
(?:do|thang|con|lu|bon|bot|cai thu) (?:ngu|oc cho|cho chet|khon nan|mat day|dan don|vo hoc|cho ma|suc vat|an hai|vo dung|ngu ngoc|ngu xuan)
(?:may|bot|chung may|bon may) (?:ngu|ngu the|ngu qua|oc cho|dan don|vo dung|ngu vai|ngu nhu)
(?:oc cho|khon nan|mat day|vo liem si|an cut|cam mom|cam mieng|ngu nhu cho|ngu nhu bo|me may|chet me|im mom|cut di|bo lao)
tao (?:se )?(?:giet|dam|chem|danh|dap) (?:may|bon may|chet)
fuck\w*|shit|bullshit|bitch|asshole|idiot|moron|motherfucker|wtf|stfu|son of a bitch|go to hell
(?:stupid|dumb|useless|damn) (?:bot|machine|ai|thing|assistant)
"""
_QUOTED_ABUSE = r"""
(?:xử phạt|mức phạt|bị phạt|phạt bao nhiêu|phạt thế nào|hành vi|nghị định|luật|quy định|xúc phạm|chửi|lăng mạ|tố cáo|tố giác)
"""

_PEOPLE = "(?:bí thư|phó bí thư|chủ tịch|phó chủ tịch|giám đốc|phó giám đốc|trưởng phòng|bộ trưởng|thứ trưởng|thủ tướng|tổng bí thư|chủ tịch nước|người yêu(?! cầu)|hàng xóm|bạn gái|bạn trai|sếp|đồng nghiệp|cô giáo|thầy giáo)"
_TITLE = "(?:ông|bà|anh|chị|cô|chú|bác|đồng chí|ngài|thầy|em|cháu|bạn)"
_FAMILY = "(?:nguyễn|trần|lê|phạm|hoàng|huỳnh|phan|vũ|võ|đặng|bùi|đỗ|hồ|ngô|dương|lý|trịnh|đinh|lương|mai|đào|đoàn|hà|tô|cao|lâm)"
_NAMED = f"(?:{_PEOPLE}|(?:ông|bà|anh|chị) {_FAMILY} [^ ]+)"  # all that is safe without diacritics
_PERSON = f"(?:{_PEOPLE}|{_TITLE} {_FAMILY}|{_TITLE} ta|{_TITLE} ấy|{_FAMILY} (?:văn|thị|thanh|minh|đức|hữu|quang|xuân|ngọc|công|đình|hồng|thu|bá|quốc))"
_SECRETS = "(?:địa chỉ nhà|địa chỉ nhà riêng|nhà riêng|nơi ở|chỗ ở|số điện thoại|số di động|sđt|số tài khoản|tài khoản ngân hàng|số căn cước|số cccd|số cmnd|căn cước|số hộ chiếu|ngày sinh|quê quán|lương|tiền lương|mức lương|thu nhập|tài sản|hồ sơ sức khỏe|bệnh án|mật khẩu|facebook|zalo|số nhà|biển số xe|email riêng|email cá nhân|lịch trình|tình trạng hôn nhân|cccd)"
_ME = "(?:công ty tôi|công ty em|cơ quan tôi|tôi|em|mình|cháu|tao|con tôi|chồng tôi|vợ tôi|mẹ tôi|bố tôi|con em|mẹ em|bố em|nhà tôi|nhà em|tui)"


def _about(person: str) -> str:
    return rf"""
{_SECRETS} ~ của {person}
(?:vợ|chồng|con|con trai|con gái|bố mẹ|gia đình|bồ|người nhà) (?:của )?{person} (?:\w+ ){{0,4}}?(?:tên|là ai|mấy|bao nhiêu|ở đâu|làm gì|gì)
{_ME} (?:\w+ ){{0,3}}?có được (?:tăng lương|lên lương|bổ nhiệm|nâng ngạch|đề bạt|thưởng)
(?:số điện thoại|sđt|địa chỉ nhà|nhà|địa chỉ nhà riêng|số tài khoản|ngày sinh|lương|số căn cước|facebook|zalo) (?:\w+ ){{0,2}}?{person}
{person} (?:\w+ ){{0,6}}?(?:nhà ở đâu|có nhà ở đâu|sống ở đâu|đang ở đâu|nhà số mấy|bao nhiêu tuổi|sinh năm nào|sinh năm bao nhiêu|sinh ngày nào|có vợ chưa|có bồ chưa|ly hôn chưa|đã kết hôn|giàu không|quê ở đâu)
{person} (?:\w+ ){{0,6}}?(?:lương|thu nhập|tài sản|lương tháng|mức lương) ~ bao nhiêu
(?:địa chỉ nhà riêng|nhà riêng|số điện thoại riêng|số điện thoại cá nhân|số cá nhân|số di động) ~ (?:của|ông|bà|anh|chị)
{_ME} (?:\w+ ){{0,4}}?(?:bị|được) (?:xếp loại|đánh giá|chấm|kỷ luật|xét|bổ nhiệm|nâng lương|thưởng|chấm điểm|xếp hạng) (?:\w+ ){{0,5}}?(?:mức mấy|mức nào|loại gì|loại mấy|loại nào|bao nhiêu|chưa|mấy điểm|gì vậy|gì)
{_ME} (?:\w+ ){{0,3}}?(?:được|thi được) (?:mấy|bao nhiêu) điểm
{_ME} (?:\w+ ){{0,3}}?có tên (?:\w+ ){{0,3}}?danh sách
(?:xếp loại|kết quả đánh giá|điểm đánh giá|kết quả thi|điểm thi) (?:\w+ ){{0,4}}?của {_ME} (?:\w+ ){{0,6}}?(?:gì|mấy|bao nhiêu|sao|thế nào|chưa)
(?:hồ sơ|đơn|giấy phép|căn cước|cccd|thẻ|sổ đỏ|tài khoản|mã số thuế|trợ cấp|lương|tiền lương|yêu cầu|phản ánh|đơn thư) (?:\w+ ){{0,4}}?(?:của )?{_ME} (?:\w+ ){{0,8}}?(?:đến đâu|tới đâu|xong chưa|ở đâu rồi|thế nào rồi|khi nào xong|đang ở|ra sao rồi|có kết quả chưa|được duyệt chưa|bị từ chối|bao giờ có|đã giải quyết|giải quyết chưa|duyệt chưa|bao nhiêu|là bao nhiêu|số mấy)
(?:hồ sơ|mã hồ sơ|biên nhận) (?:số |mã )?\w*\d{{4,}}\w* (?:\w+ ){{0,6}}?(?:đâu|chưa|nào|rồi|sao)
(?:tra|kiểm tra|xem|tra cứu|check|coi) (?:giúp |hộ |cho |dùm |giùm )?(?:{_ME} )?(?:\w+ ){{0,3}}?(?:hồ sơ|tài khoản|cccd|căn cước|mã số thuế|điểm|sđt|bhxh|phạt nguội|sổ bảo hiểm|số dư) (?:\w+ ){{0,2}}?(?:của {_ME}|tên {_FAMILY}|số \d+|\d{{5,}})
{_ME} (?:còn |đang )?(?:nợ|thiếu|được lĩnh|được hưởng) bao nhiêu (?:\w+ )?(?:thuế|tiền|phạt)
(?:home address|private phone|private number|phone number|personal number|salary|bank account|date of birth|password) (?:\w+ ){{0,3}}of (?:mr|mrs|ms|the secretary|the chairman|the director|the minister|my|party)
(?:what is|show|check|tell me) my (?:tax|file|account|balance|salary|rating|application|id|score)
(?:where does|how old is|how much does) (?:the )?(?:mr|mrs|ms|secretary|chairman|director|minister|he|she) \w+
"""


_ABOUT_RULES = r"""
(?:quy định|theo luật|nghị định|thông tư|điều \d+|tiêu chí|xử phạt|bị phạt|trái phép|bảo vệ|có quyền|muốn xóa|muốn rút|rút lại|đồng ý|thủ tục|làm sao để|làm thế nào|dữ liệu cá nhân|công khai|kê khai|đường dây nóng|tiếp nhận|chức năng|có phải là|có được coi|là dữ liệu|nhạy cảm|ủy ban|bao lâu|mấy ngày|thời hạn|dịch vụ công|quên mật khẩu|cách)
"""

_OFFTOPIC = r"""
(?:thời tiết|nhiệt độ ngoài trời|dự báo thời tiết) ~ (?:hôm nay|ngày mai|mai|tối nay|tuần này|cuối tuần|thế nào|ra sao|bây giờ|tại|ở)
(?:hôm nay|ngày mai|mai|tối nay|chiều nay|sáng mai|cuối tuần) ~ (?:có mưa|mưa không|có nắng|nắng không|lạnh không|nóng không|bao nhiêu độ|thời tiết|mưa|nắng)
(?:trời mưa|mưa to|trời nắng|trời lạnh|bao nhiêu độ c)
(?:giá|tỷ giá|tỉ giá) (?:vàng|bạc|usd|đô la|đô|bitcoin|btc|coin|eth|xăng|xăng dầu|cổ phiếu|chứng khoán|lợn|heo|cà phê|nhà đất|đất|iphone|gạo|euro|xe|điện thoại|thịt|rau|tôm|cá|gas|thép|xi măng|samsung|laptop) (?:\w+ ){0,4}?(?:hôm nay|bao nhiêu|bây giờ|nay|thế nào|hiện tại|tăng|giảm|mấy|sjc)
(?:giá vàng|giá xăng|giá bitcoin|giá usd|giá đô|vàng sjc|tỷ giá usd)
(?:bitcoin|ethereum|dogecoin|cổ phiếu|forex|vn index|vnindex|coin) ~ (?:tăng|giảm|mua|bán|giá|bao nhiêu|nên|lên)
(?:nên )?(?:mua|đầu tư) (?:vào )?(?:vàng|cổ phiếu|chứng khoán|bitcoin|coin|đất|nhà|ô tô|xe máy|iphone|laptop|tủ lạnh) ~ (?:gì|nào|không|lúc nào|ở đâu|bao nhiêu)
(?:trận|đội|đội tuyển|giải|vòng loại|chung kết|tỷ số|tỉ số|lịch thi đấu|cầu thủ|câu lạc bộ|clb|u23|tuyển) ~ (?:đá|thắng|thua|vô địch|tỷ số|bóng đá|ghi bàn|đá bóng|chung kết|bàn thắng)
(?:bóng đá|đá bóng|đá với ai|world cup|kèo bóng|kèo nhà cái|man utd|manchester|arsenal|chelsea|liverpool|barcelona|real madrid|euro \d+|ngoại hạng anh|premier league|champions league|sea games|ronaldo|messi|aff cup|v league|nba|olympic|asian cup)
(?:làm|viết|sáng tác|đọc|kể|cho|soạn) ~ (?:bài thơ|thơ|văn tả|truyện cười|chuyện cười|truyện ma|câu đố|bài hát|rap|ca dao|bài văn|caption|thư tình|truyện ngắn|luận văn|tiểu luận|status|lời chúc|điếu văn)
(?:bài hát|ca khúc|bài nhạc|mv|ca sĩ|diễn viên|bộ phim|phim|gameshow|tiktoker|youtuber|kpop|hoa hậu|idol) ~ (?:nào|hay|hot|là ai|nổi tiếng|trend|đáng xem)
(?:nấu|luộc|chiên|xào|kho|nướng|rán|hấp|hầm|ướp|muối|pha) (?:\w+ ){0,2}?(?:phở|bún|cơm|thịt|cá|gà|bò|canh|bánh|cà phê|cafe|lẩu|chè|xôi|nem|chả|dưa|trứng|rau|sữa chua|trà|tôm|vịt|cháo|mì|pizza|trà sữa|kim chi)
(?:công thức|cách nấu|cách làm|món|dạy) ~ (?:món ăn|nấu ăn|bánh|phở|lẩu|chè|kho|xào|canh|ngon|kem)
làm (?:bánh|kem|sữa chua|nem|kim chi|trà sữa|dưa muối|giò) (?:\w+ ){0,4}?(?:thế nào|ngon|sao|như nào|cách)
(?:hôm nay|trưa nay|tối nay|sáng nay|chiều nay) (?:nên )?(?:ăn gì|uống gì|đi đâu|mặc gì|làm gì)
(?:ăn gì|uống gì|ăn trưa|ăn tối|quán ăn|quán phở|quán nhậu|quán cà phê|quán cafe|nhà hàng|đặc sản) ~ (?:ngon|rẻ|gần|hôm nay|tối nay|nào|ở đâu|gì)
(?:xổ số|xsmb|xsmn|xsmt|lô đề|đánh đề|số đề|kqxs|vietlott|soi cầu|con lô|giải độc đắc|lô tô)
(?:tử vi|xem bói|bói bài|cung hoàng đạo|phong thủy|giải mộng|nằm mơ thấy|mơ thấy|sao hạn|tarot|hợp tuổi|bói tình|cung (?:bạch dương|kim ngưu|song tử|cự giải|sư tử|xử nữ|thiên bình|bọ cạp|nhân mã|ma kết|bảo bình|song ngư))
(?:trồng|chăm sóc|chăm|tưới|nuôi|ghép|bón phân cho|tỉa|nhân giống) (?:\w+ ){0,2}?(?:lan|hoa|cây cảnh|hồng|mai|đào|bonsai|cá cảnh|chó|mèo|gà|lợn|vịt|tôm|cua|sầu riêng|bưởi|cam|cây|rau|chim|thỏ) (?:\w+ ){0,6}?(?:thế nào|làm sao|ra hoa|sao cho|như nào|cách|nhanh lớn|gì|tại nhà|mau)
(?:lãi suất|lãi|gửi tiết kiệm|vay tiền|vay vốn|mở thẻ tín dụng) ~ (?:ngân hàng nào|cao nhất|thấp nhất)
ngân hàng nào ~ (?:lãi|vay|gửi tiết kiệm)
(?:khách sạn|homestay|vé máy bay|tour|đi du lịch|đi phượt|đặt phòng|nhà nghỉ|resort) ~ (?:nào|rẻ|đẹp|giá|ở đâu|bao nhiêu|đi đâu|gì)
(?:đi chơi|du lịch) ~ (?:ở đâu|chỗ nào|đâu đẹp|đi đâu)
(?:đau đầu|đau bụng|đau lưng|đau răng|đau họng|sốt|bị ho|cảm cúm|tiêu chảy|mất ngủ|dị ứng|nổi mẩn|viêm họng|đau dạ dày) ~ (?:uống|thuốc|ăn gì|chữa|làm sao|phải làm gì|khám)
(?:lose weight|uống thuốc gì|giảm cân|tăng cân|trắng da|trị mụn|chữa mụn|rụng tóc|tập gym)
(?:giải|làm) (?:hộ |giúp |cho |giùm )?(?:tôi |em |mình )?(?:bài tập|bài toán|phương trình|đề thi|toán|hóa học)
(?:đạo hàm|tích phân|căn bậc hai|phương trình bậc|định lý pitago)
\d+ (?:cộng|trừ|nhân|chia|x) \d+ (?:bằng mấy|bằng bao nhiêu|là mấy|bằng)
dịch ~ sang tiếng (?:anh|nhật|hàn|trung|pháp|đức)
(?:viết|code) ~ (?:python|javascript|java|html|game|website bằng)
(?:bạn|bot|mày|em) (?:tên (?:là )?gì|bao nhiêu tuổi|có người yêu|có yêu|yêu ai|ăn cơm chưa|khỏe không|thích gì|thích ai|buồn không|là con gái|là con trai|có cảm xúc|là trai hay gái|có người yêu chưa|ngủ chưa)
(?:yêu|nhớ|lấy|cưới) (?:em|anh|tôi|bot|mình) (?:không|nhé|đi|nha)
(?:tán gái|tán trai|người yêu(?! cầu)|crush|tỏ tình|chia tay|ngoại tình|thất tình|hẹn hò|thả thính|cưa đổ|làm quen với)
(?:kể|nói) (?:cho )?(?:\w+ ){0,3}?(?:chuyện cười|truyện cười|chuyện ma|chuyện cổ tích|chuyện vui|chuyện tiếu lâm|một câu chuyện)
(?:iphone|samsung|xiaomi|oppo) ~ (?:hay|hoặc|nào|tốt|giá|bao nhiêu|đáng)
(?:vé tàu|vé xe|vé phim|xe khách|grab|taxi|xe buýt) ~ (?:bao nhiêu|mấy giờ|giá|nào|ở đâu)
(?:con mèo|con chó|chó nhà|mèo nhà|cún) ~ (?:bỏ ăn|ốm|sao|thế nào|gì|đẻ)
tuổi (?:tý|tí|sửu|dần|mão|mẹo|thìn|tỵ|tị|ngọ|mùi|thân|dậu|tuất|hợi) ~ (?:năm nay|làm ăn|hợp|thế nào|gì|mệnh)
(?:hôm nay|ngày mai|mai|tối nay) (?:\w+ ){0,2}?trời (?:thế nào|ra sao|có|sao)
(?:đặt tên|gợi ý tên|tên hay) (?:\w+ ){0,2}?(?:con|bé|chó|mèo|quán|shop)
(?:tìm việc|việc làm lương|tuyển dụng lương|xin việc) ~ (?:ở đâu|lương|nào|thái nguyên|cao)
học tiếng (?:anh|trung|nhật|hàn) ~ (?:ở đâu|nào|tốt|nhanh|gì)
(?:xe máy|ô tô|tủ lạnh|tivi|laptop|iphone|quần áo|giày) ~ giá (?:bao nhiêu|nào|mấy|rẻ)
(?:xin|cho|gửi) (?:\w+ ){0,3}?link (?:phim|nhạc|truyện|game)
(?:tôi|em|mình|tao) (?:đang |hơi |rất )?(?:buồn|cô đơn|chán đời|thất tình|mệt mỏi)(?: quá)?
ai ~ (?:thắng|vô địch|quả bóng vàng|hoa hậu|oscar)
\d+ ?(?:x|cộng|trừ) ?\d+ (?:bằng|là) (?:mấy|bao nhiêu)
write (?:me )?(?:\w+ ){0,2}?(?:letter|poem|story|song|essay)|(?:what|where) (?:should|to|can) (?:i |we )?eat
(?:hát|rap|nhảy|múa) (?:cho|một|tặng)
(?:giàu|cao|đẹp|nhanh|dài|to|lớn) nhất (?:thế giới|hành tinh|vũ trụ)
(?:tết|trung thu|giỗ tổ|noel|rằm) ~ (?:ngày nào|ngày mấy|mấy ngày nữa|thứ mấy|bao nhiêu ngày|vào ngày)
(?:món|làm) (?:gà rán|khoai tây chiên|salad|mì ý|bánh \w+|thịt \w+|cá \w+|gà \w+)
chơi (?:game|cờ|oẳn tù tì|nối từ|đố vui) (?:\w+ )?(?:với|cùng|gì|nào)
(?:mặc gì|phối đồ|kiểu tóc|trang điểm|mỹ phẩm|nước hoa|quà sinh nhật|tặng quà) ~ (?:đẹp|nào|gì|hợp|cho)
(?:sửa|thay|mua) (?:\w+ ){0,2}?(?:xe máy|ô tô|tủ lạnh|máy giặt|điều hòa|tivi|bóng đèn) ~ (?:ở đâu|thế nào|bao nhiêu|làm sao|gì|nào)
(?:weather|forecast|temperature|raining|recipe|how to cook|lottery|horoscope|poem|lyrics|football|soccer|basketball)
(?:tell|write|sing|recommend) (?:me |us )?(?:a |an |some )?(?:joke|story|poem|song|movie|restaurant|film|essay)
(?:who won|who is winning|best restaurant|stock price|gold price|bitcoin price|cheap flights?|how are you|what is your name|do you love|are you human)
(?:capital|president|population) of (?:france|the usa|usa|japan|china|russia|germany|india|america|england|korea)
(?:thủ đô|tổng thống|dân số|diện tích) (?:của )?(?:nước )?(?:pháp|mỹ|nhật|nhật bản|trung quốc|nga|đức|ấn độ|anh|hàn quốc|lào|thái lan)
(?:hôm nay|mai|ngày mai) (?:là )?(?:thứ mấy|ngày bao nhiêu âm|ngày mấy|ngày bao nhiêu)
(?:bây giờ|hiện tại) (?:là )?mấy giờ
"""
_SMALL_TALK = r"""
(?:alo|hi|hello|hey|chào|xin chào|chào bạn|chào bot|chào em|chào buổi sáng|cảm ơn|cám ơn|cảm ơn bạn|cảm ơn nhé|cảm ơn nhiều|thanks|thank you|ok|oke|tạm biệt|bye|test|tets|bạn là ai|bạn là gì|bạn khỏe không|ai tạo ra bạn|who are you|haha|hihi|ừ|vâng|dạ)(?: bạn| bot| ad| em| nhé| nha| ạ| nhiều| admin)*
"""
_DISTRESS = r"""
(?:tự tử|tự sát|muốn chết|không muốn sống|chán sống|tự làm hại|suicide|kill myself)
"""
_IN_FIELD = r"""
(?:chuyển đổi số|dịch vụ công|nghị định|nghị quyết|thông tư|quyết định|kế hoạch|chỉ thị|chính quyền|chính phủ|ủy ban|ubnd|dữ liệu|phần mềm|thủ tục|kinh tế số|luật|quy định|an toàn thông tin|chữ ký số|điện tử|công nghệ thông tin|cntt|nền tảng số|văn bản|cơ sở dữ liệu|không dùng tiền mặt|nông thôn mới|tổ công nghệ số|học bạ số|xử phạt|số hóa|chuyển đổi|công dân số|đề án|dự án|từ xa|ứng dụng số|du lịch số)
(?:digital|decree|resolution|law|circular|e government|public service|data)
"""

_RULES = (
    _rule("injection", _INJECTION),
    _rule("abuse", _ABUSE, unless=_QUOTED_ABUSE, bare_too=False, bare_only=_ABUSE_BARE),
    _rule(
        "personal",
        _about(_PERSON),
        unless=_ABOUT_RULES,
        bare_too=False,
        bare_only=fold(_about(_NAMED)),
    ),
    _rule("offtopic", _OFFTOPIC, unless=_IN_FIELD),
    _whole("greeting", _SMALL_TALK),
    _rule("distress", _DISTRESS),
)
