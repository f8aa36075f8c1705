"""Every sentence a person reads in Telegram, in Vietnamese and in English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from index.result import Answer, Refused

Language = Literal["vi", "en"]


@dataclass(frozen=True, slots=True)
class Texts:
    """One language. `{…}` are filled in by whoever shows the text, escaped by then.

    `welcome` and `refusals["bot"]` say that a machine speaks, whose, and what it can do (Law on
    Artificial Intelligence 134/2025/QH15, Điều 11).
    """

    language: Language
    welcome: str
    owner: str  # whose the bot is, where the settings do not say
    help: str
    examples: tuple[str, str, str]
    other_language: str

    # answers
    meant: str
    not_meant: str
    uncertain: str
    differ: str
    claim: str
    later: str
    phrased: str
    absent: str
    absent_here: str
    absent_nearest: str
    listed: str
    listed_newest: str
    nonexistent: str
    refusals: dict[Refused, str]
    perhaps_distress: str  # where that is but a guess, of a message that may ask something
    contact: str
    part: str
    origin: str
    number: str
    dated: str
    page: str
    scanned: str
    status: dict[str, str]
    warnings: dict[str, str]
    replaced_by: str
    expired_since: str
    not_yet: str
    newer: str
    untold: str
    recorded: str
    last_day: str
    effective: str
    long_question: str
    caption_only: str
    edited: str
    lost: str
    wait: str
    full: str
    off: str
    off_reason: str
    off_later: str
    off_ask: str
    off_short: str
    apology: str

    # buttons
    more: str
    outline: str
    back: str
    back_found: str
    share: str
    copy_number: str
    original: str
    show_answer: str
    ask_again: str
    up: str
    down: str
    why: str
    reasons: dict[str, str]
    thanks_up: str
    thanks_down: str
    previous: str
    following: str
    first: str
    last: str
    page_of: str
    outdated: str
    button_old: str

    # looking things up
    search_usage: str
    search_title: str
    search_none: str
    more_title: str
    more_none: str
    said_wrong: str
    said_unclear: str
    browse_kinds: str
    browse_years: str
    browse_documents: str
    kind_other: str
    year_unknown: str
    outline_empty: str
    outline_hint: str
    whole_text: str
    read_on: str
    left: str
    parts: str
    recent: str
    recent_none: str
    no_index: str

    # the chat itself
    choose_language: str
    language_set: str
    privacy_notice: str
    privacy: str
    privacy_nobody: str  # where the settings do not say who answers for the data
    privacy_stored: str
    privacy_unstored: str
    privacy_stop: str
    privacy_go_on: str
    privacy_admins: str
    export_done: str
    export_file: str
    erase_sure: str
    erase_yes: str
    erase_no: str
    erase_not: str
    erase_admins: str
    erased: str
    group_hello: str
    group_usage: str
    unknown_command: str
    media: dict[str, str]
    inline_none: str

    # administrators
    admins_only: str
    own_chat_only: str
    stats: str
    stats_day: str
    stats_none: str
    weekly: str
    weekly_doubt: str
    unanswered: str
    unanswered_none: str
    reindexed: str
    reindex_failed: str
    index_refused: str
    index_troubled: str
    readings_kept: str
    memory_failing: str
    memory_back: str

    commands: dict[str, str]
    admin_commands: dict[str, str]
    description: str
    short_description: str


VIETNAMESE = Texts(
    language="vi",
    welcome=(
        "<b>Xin chào!</b> Tôi là máy trả lời tự động của {owner}, không phải người. Tôi trả lời "
        "câu hỏi về chuyển đổi số của tỉnh Thái Nguyên.\n\n"
        "Mỗi câu trả lời là trích nguyên văn từ văn bản, có ghi rõ nguồn để bạn kiểm tra. "
        "Văn bản không nói tới thì tôi sẽ nói là không có.\n\n"
        "Bạn cứ gõ câu hỏi, có dấu hay không dấu đều được. Hoặc thử một câu dưới đây:"
    ),
    owner="chương trình chuyển đổi số tỉnh Thái Nguyên",
    help=(
        "<b>Cách hỏi</b>\n"
        "• Gõ câu hỏi như nói chuyện bình thường, mỗi lần một câu.\n"
        "• Hỏi tiếp được: “còn đến năm 2030 thì sao?”. Muốn hỏi lại về một câu trả lời cũ, "
        "hãy bấm trả lời (reply) đúng câu đó.\n"
        "• Gõ nhầm thì sửa tin nhắn, câu trả lời sẽ được sửa theo.\n\n"
        "<b>Các lệnh</b>\n{commands}\n\n"
        "<b>Về câu trả lời</b>\n"
        "Phần trong khung là trích nguyên văn. Với việc quan trọng, hãy mở văn bản gốc để đối "
        "chiếu.\n\n"
        "<b>Về dữ liệu của bạn</b>\n"
        "Tôi lưu câu hỏi (đã che thông tin cá nhân) và câu trả lời trong {days} ngày để phục vụ tốt hơn. "
        "/riengtu nói rõ và cho bạn chọn không lưu; /xoadulieu xóa tất cả những gì đã lưu."
    ),
    examples=(
        "Thái Nguyên đặt mục tiêu gì đến năm 2025?",
        "Nộp hồ sơ trực tuyến ở đâu?",
        "Tổ công nghệ số cộng đồng làm gì?",
    ),
    other_language="English",
    meant="Tôi hiểu là: {question}",
    not_meant="Không phải vậy",
    uncertain="⚠️ Có thể là đoạn này.",
    differ="⚠️ Các nguồn ghi khác nhau: {claims}.",
    claim="{document} ghi “{value}”",
    later="mới hơn",
    phrased="✍️ Máy diễn đạt lại; căn cứ là nguyên văn bên dưới:",
    absent="Các văn bản hiện có <b>không nói</b> về điều này.",
    absent_here="Có văn bản gần với điều bạn hỏi, nhưng tôi <b>không thấy chỗ nào trả lời</b> đúng câu này.",
    absent_nearest="Những văn bản gần nhất:",
    listed="Kho có {count} văn bản như vậy:",
    listed_newest="Kho có {count} văn bản như vậy, mới nhất là {shown} văn bản dưới đây (xem đủ: /vanban):",
    nonexistent="Tôi không tìm thấy văn bản hoặc điều khoản bạn hỏi.",
    refusals={
        "greeting": (
            "Chào bạn! Bạn muốn biết gì về chuyển đổi số của tỉnh Thái Nguyên, cứ hỏi; "
            "tôi tìm trong văn bản giúp."
        ),
        "thanks": "Không có gì, rất vui vì giúp được bạn. Cần gì nữa bạn cứ hỏi nhé.",
        "bot": (
            "Tôi là máy trả lời tự động của {owner}, không phải người. Tôi tìm trong các văn bản "
            "về chuyển đổi số của tỉnh Thái Nguyên và trích nguyên văn, ghi rõ nguồn để bạn kiểm "
            "tra; văn bản không nói tới thì tôi nói là không có. Tôi không nộp, không tra hồ sơ "
            "thay bạn được. Gõ /help để xem cách dùng."
        ),
        "offtopic": (
            "Tôi chỉ trả lời về chuyển đổi số của tỉnh Thái Nguyên, từ các văn bản hiện có. "
            "Bạn thử hỏi một câu về chủ đề này nhé."
        ),
        "personal": "Tôi không có và không tra thông tin riêng hay hồ sơ của ai.",
        "abuse": "Mong bạn nói nhẹ nhàng hơn. Tôi sẵn lòng tìm trong văn bản giúp bạn.",
        "injection": (
            "Tôi chỉ trả lời từ các văn bản về chuyển đổi số, không làm theo yêu cầu khác."
        ),
        "distress": (
            "Tôi rất tiếc khi bạn đang khó khăn, và tôi chỉ là máy nên không thay được người ở "
            "bên bạn. Hãy nói ngay với một người thân, hoặc gọi 115 (cấp cứu), 113 (công an); "
            "việc của trẻ em thì gọi 111. Họ giúp được bạn, vào bất cứ giờ nào."
        ),
    },
    perhaps_distress=(
        "Tôi chưa hiểu bạn muốn hỏi gì, bạn gõ câu hỏi đầy đủ hơn giúp tôi nhé. Còn nếu bạn đang gặp "
        "chuyện khó khăn, tôi chỉ là máy: hãy nói ngay với một người thân, hoặc gọi 115 (cấp cứu), 113 "
        "(công an); việc của trẻ em thì gọi 111."
    ),
    contact="Bạn có thể hỏi thêm tại: {contact}",
    part="Câu {number}: {question}",
    origin="Nguồn: {origin}",
    number="Số",
    dated="{document} ngày {date}",
    page="trang",
    scanned="đọc bằng máy từ bản quét",
    status={
        "in force": "Còn hiệu lực",
        "amended": "Đã được sửa đổi, bổ sung",
        "expired": "Hết hiệu lực",
        "draft": "Dự thảo, chưa ban hành",
        "not yet": "Chưa có hiệu lực",
        "unknown": "Chưa rõ hiệu lực",
    },
    warnings={
        "expired": "⚠️ Văn bản này đã hết hiệu lực.",
        "draft": "⚠️ Đây là dự thảo, chưa được ban hành.",
        "not yet": "⚠️ Văn bản này chưa có hiệu lực.",
    },
    replaced_by="Được thay thế bởi: {document}.",
    expired_since="Hết hiệu lực từ {date}",
    not_yet="Chưa có hiệu lực, áp dụng từ {date}",
    newer="Đã có {document} mới hơn",
    untold="⚠️ Kho chưa ghi văn bản này nay còn hiệu lực hay không, bạn tra thêm giúp.",
    recorded="Văn bản không nói; theo thông tin ghi kèm văn bản trong kho: {facts}.",
    last_day="Ngày cuối có hiệu lực {date}",
    effective="Hiệu lực từ {date}",
    long_question="<i>Câu hỏi khá dài. Nếu chưa đúng ý, bạn thử hỏi ngắn hơn nhé.</i>",
    caption_only="<i>Tôi chưa xem được ảnh hay tệp, nên chỉ trả lời phần chữ.</i>",
    edited="<i>Đã sửa theo câu hỏi mới của bạn.</i>",
    lost=(
        "Tôi vừa bị gián đoạn lúc đang gửi câu trả lời, có thể bạn đã nhận được rồi. "
        "Nếu chưa thấy, hãy bấm nút dưới đây."
    ),
    wait="Tôi đã nhận đủ các câu hỏi và đang trả lời lần lượt. Bạn chờ một chút nhé.",
    full=(
        "Nhiều tin nhắn quá nên từ tin này trở đi tôi chưa nhận. Bạn chờ tôi trả lời các tin trước rồi "
        "gửi lại nhé."
    ),
    off="Xin lỗi bạn, tôi đang tạm ngừng trả lời.",
    off_reason="Lý do: {reason}",
    off_later=(
        "Câu hỏi của bạn vẫn còn đây: khi tôi hoạt động lại, bạn chỉ cần bấm “{button}”, không phải gõ lại."
    ),
    off_ask="Trả lời câu này",
    off_short="Tôi đang tạm ngừng trả lời, bạn thử lại sau nhé.",
    apology=(
        "Xin lỗi bạn, tôi gặp trục trặc nên chưa trả lời được. Bạn thử lại sau ít phút nhé. "
        "Lỗi đã được ghi lại để sửa."
    ),
    more="Xem thêm đoạn khác",
    outline="Mục lục văn bản",
    back="Về câu trả lời",
    back_found="Về các đoạn tìm thấy",
    share="Chia sẻ",
    copy_number="Chép số {number}",
    original="Xem văn bản gốc",
    show_answer="Xem câu trả lời",
    ask_again="Hỏi lại",
    up="👍",
    down="👎",
    why="Vì sao chưa tốt?",
    reasons={
        "d": "Sai văn bản",
        "q": "Không đúng ý",
        "i": "Còn thiếu",
        "o": "Lý do khác",
    },
    thanks_up="Cảm ơn bạn!",
    thanks_down="Cảm ơn bạn đã góp ý, tôi ghi lại rồi.",
    previous="Trước",
    following="Tiếp",
    first="Đầu",
    last="Cuối",
    page_of="Trang {page}/{pages}",
    outdated="Văn bản đã được cập nhật nên nội dung này không còn đúng. Bạn hỏi lại giúp tôi nhé.",
    button_old="Nút này đã cũ. Bạn hỏi lại giúp tôi nhé.",
    search_usage="Gõ /tim rồi đến điều bạn muốn tìm, ví dụ:\n<code>/tim chữ ký số</code>",
    search_title="Các đoạn tìm thấy cho “{query}”",
    search_none="Tôi không tìm thấy đoạn nào. Bạn thử dùng từ khác nhé.",
    more_title="Các đoạn khác có liên quan",
    more_none="Không còn đoạn nào khác.",
    said_wrong=(
        "Cảm ơn bạn đã báo. Bạn bấm 👎 dưới câu trả lời ấy để tôi ghi lại, rồi hỏi lại rõ hơn giúp tôi: "
        "nêu tên văn bản, năm hoặc việc bạn cần biết."
    ),
    said_unclear=(
        "Tôi chỉ trích nguyên văn văn bản, không tự diễn giải được. Bạn gõ “xem thêm” để đọc thêm đoạn "
        "khác, hoặc hỏi lại từng ý một, thật ngắn."
    ),
    browse_kinds="<b>Kho văn bản</b>: {count} văn bản. Bạn muốn xem loại nào?",
    browse_years="<b>{kind}</b>: chọn năm.",
    browse_documents="<b>{kind}, {year}</b>: chọn văn bản.",
    kind_other="Khác",
    year_unknown="không rõ năm",
    outline_empty="Văn bản này không chia thành điều, mục.",
    outline_hint="Chọn phần bạn muốn đọc:",
    whole_text="Đọc toàn văn",
    read_on="Đọc hết {section}",
    left="còn {count} {parts}",
    parts="mục",
    recent="<b>Văn bản mới đưa vào kho</b>",
    recent_none="Chưa có văn bản nào.",
    no_index="Kho văn bản đang được chuẩn bị, bạn quay lại sau ít phút nhé.",
    choose_language="Bạn muốn dùng tiếng nào? / Which language?",
    language_set="Tôi sẽ nói tiếng Việt với bạn.",
    privacy_notice=(
        "<i>Tôi lưu câu bạn hỏi (đã che tên, số điện thoại, giấy tờ, tài khoản) trong {days} ngày để thống kê "
        "và trả lời tốt hơn. Xem, lấy về, xóa hoặc không cho lưu: gõ /riengtu</i>"
    ),
    privacy=(
        "<b>Dữ liệu của bạn</b>\n\n"
        "<b>Lưu gì?</b> Câu bạn hỏi, câu trả lời, 👍 👎 và tiếng bạn chọn. Tên, số điện thoại, số giấy tờ, số "
        "tài khoản, thư điện tử trong câu hỏi được che trước khi lưu. Tôi không lưu tên hay mã số Telegram "
        "của bạn, chỉ lưu một mã đã băm để biết các câu hỏi là của cùng một cuộc trò chuyện. Tin nhắn "
        "nguyên vẹn chỉ giữ tới khi trả lời xong.\n\n"
        "<b>Để làm gì?</b> Để hiểu câu hỏi tiếp theo, để các nút bấm còn dùng được, và để biết người dân "
        "hỏi gì mà văn bản chưa có. Không dùng vào việc khác, không đưa cho ai khác.\n\n"
        "<b>Bao lâu?</b> {days} ngày, sau đó chỉ còn con số.\n\n"
        "<b>Ai chịu trách nhiệm?</b> {contact}\n\n"
        "<b>Quyền của bạn</b>\n"
        "/dulieucuatoi: nhận tệp những gì đang lưu về bạn\n"
        "/xoadulieu: xóa hết, ngay lập tức\n"
        "Nút dưới đây: không cho lưu; tôi vẫn trả lời như thường.\n\n{now}"
    ),
    privacy_nobody="Đơn vị vận hành bot này, xem phần giới thiệu của bot.",
    privacy_stored="Hiện giờ câu hỏi ở đây <b>được lưu</b> như trên.",
    privacy_unstored=(
        "Hiện giờ câu hỏi ở đây <b>không được lưu</b>: tôi chỉ giữ chúng {minutes} phút để các nút bấm và "
        "câu hỏi tiếp còn dùng được, không đưa vào thống kê, rồi xóa."
    ),
    privacy_stop="Không lưu câu hỏi của tôi",
    privacy_go_on="Cho lưu câu hỏi của tôi",
    privacy_admins="Chỉ quản trị viên của nhóm mới đổi được việc lưu câu hỏi ở đây.",
    export_done="Đây là tất cả những gì tôi đang lưu về bạn.",
    export_file="du-lieu-cua-toi.json",
    erase_sure=(
        "Xóa câu hỏi, câu trả lời, góp ý và lựa chọn ngôn ngữ đã lưu về cuộc trò chuyện này? "
        "Xóa rồi thì không lấy lại được."
    ),
    erase_yes="Xóa hết",
    erase_no="Không xóa",
    erase_not="Tôi không xóa gì cả.",
    erase_admins="Chỉ quản trị viên của nhóm mới xóa được dữ liệu đã lưu về nhóm.",
    erased=(
        "Đã xóa câu hỏi, câu trả lời, góp ý và lựa chọn ngôn ngữ của cuộc trò chuyện này. "
        "Tin nhắn trong khung chat thì bạn tự xóa trong Telegram nhé."
    ),
    group_hello=(
        "Chào cả nhóm! Tôi là máy, trả lời câu hỏi về chuyển đổi số của tỉnh Thái Nguyên, có trích nguồn. "
        "Hãy nhắc @{username} kèm câu hỏi, hoặc trả lời (reply) tin nhắn của tôi."
    ),
    group_usage="Bạn ghi câu hỏi ngay sau @{username} nhé.",
    unknown_command="Tôi không có lệnh này. Gõ /help để xem các lệnh, hoặc cứ hỏi thẳng.",
    media={
        "voice": "Tôi chưa nghe được tin thoại. Bạn gõ câu hỏi thành chữ giúp tôi nhé.",
        "photo": "Tôi chưa xem được ảnh. Bạn gõ câu hỏi thành chữ giúp tôi nhé.",
        "video": "Tôi chưa xem được video. Bạn gõ câu hỏi thành chữ giúp tôi nhé.",
        "sticker": "Cảm ơn bạn! Bạn muốn hỏi gì về chuyển đổi số của Thái Nguyên?",
        "location": (
            "Tôi không dùng vị trí của bạn. Bạn hỏi bằng chữ nhé, "
            "ví dụ: “Nộp hồ sơ trực tuyến ở đâu?”"
        ),
        "document": (
            "Tôi chưa đọc được tệp gửi qua đây. Bạn gõ điều muốn hỏi, "
            "hoặc xem kho văn bản bằng /vanban."
        ),
        "marks": (
            "Bạn muốn hỏi gì? Bạn gõ thành câu giúp tôi nhé, ví dụ: “Nộp hồ sơ trực tuyến ở đâu?”"
        ),
        "other": "Tôi chỉ đọc được chữ. Bạn gõ câu hỏi giúp tôi nhé.",
    },
    inline_none="Không tìm thấy, bấm để hỏi trực tiếp",
    admins_only="Lệnh này dành cho người quản trị.",
    own_chat_only="Ở đây có người khác đọc được. Bạn gõ lệnh này trong khung chat riêng với tôi nhé.",
    stats=(
        "<b>Bảy ngày qua</b>\n{days}\n\n"
        "Đã trả lời: {share}%\nThời gian trả lời (trung vị): {median} giây\n👍 {up}   👎 {down}"
        "{reasons}"
    ),
    stats_day="{day}: {count} câu hỏi",
    stats_none="Bảy ngày qua chưa có câu hỏi nào.",
    weekly=(
        "<b>Báo cáo {since} – {until}</b>\n{questions} câu hỏi, trả lời được {share}. 👍 {up} · 👎 {down}.\n"
        "Bản đầy đủ, chạy trên máy chủ: <code>cdsbot report bao-cao.html</code>"
    ),
    weekly_doubt=(
        "Báo cáo {since} – {until} có thể đã gửi tới bạn, tôi không biết chắc. Chưa thấy thì gõ /baocao."
    ),
    unanswered="<b>Câu hỏi chưa trả lời được</b> (30 ngày qua, nhóm theo ý)",
    unanswered_none="30 ngày qua không có câu hỏi nào phải bỏ trống.",
    reindexed="Kho văn bản đã cập nhật: {documents} văn bản, {passages} đoạn.",
    reindex_failed="Cập nhật kho văn bản không thành, bot vẫn dùng bản cũ. Lý do: {reason}",
    index_refused=(
        "Bản cập nhật kho văn bản ({name}) không mở được, bot vẫn dùng bản cũ. "
        "Xem nhật ký để biết lý do."
    ),
    index_troubled="⚠️ Bot vẫn trả lời, nhưng có chỗ cần sửa: {problems}",
    readings_kept="⚠️ Không đọc lại được {count} văn bản, vẫn dùng bản đọc lần trước:\n{files}",
    memory_failing=(
        "⚠️ Bộ nhớ của bot ({memory}) không dùng được: {reason}. Có thể tôi chưa trả lời được ai; câu "
        "hỏi đang được Telegram giữ hộ trong 24 giờ. Hãy xem đĩa còn chỗ không, có tiến trình nào khóa "
        "tệp không; tệp hỏng thì chép lại bản sao lưu. Xong là tôi tự làm việc tiếp, không cần khởi "
        "động lại."
    ),
    memory_back="Bộ nhớ của bot đã dùng lại được. Các câu hỏi đang chờ sẽ được trả lời.",
    commands={
        "start": "Giới thiệu và câu hỏi mẫu",
        "help": "Cách dùng",
        "vanban": "Xem các văn bản theo loại và năm",
        "tim": "Tìm đoạn văn bản theo từ khóa",
        "moi": "Văn bản mới đưa vào",
        "ngonngu": "Đổi ngôn ngữ",
        "riengtu": "Bot lưu gì về bạn; chọn lưu hay không",
        "dulieucuatoi": "Nhận tệp dữ liệu đã lưu về bạn",
        "xoadulieu": "Xóa dữ liệu đã lưu về bạn",
    },
    admin_commands={
        "thongke": "Số câu hỏi và đánh giá",
        "baocao": "Báo cáo bảy ngày qua, bằng hình",
        "chuatraloi": "Câu hỏi chưa trả lời được",
    },
    description=(
        "Máy hỏi đáp về chương trình chuyển đổi số của tỉnh Thái Nguyên. Mỗi câu trả lời trích nguyên "
        "văn từ văn bản và ghi rõ nguồn. Gõ câu hỏi, có dấu hay không dấu đều được."
    ),
    short_description="Máy hỏi đáp về chuyển đổi số tỉnh Thái Nguyên, trích nguyên văn, có nguồn.",
)

ENGLISH = Texts(
    language="en",
    welcome=(
        "<b>Hello!</b> I am an automatic answering service of {owner}: a machine, not a person. I "
        "answer questions about the digital transformation of Thái Nguyên province.\n\n"
        "Every answer is quoted word for word from a document, in Vietnamese, and names its source "
        "so that you can check it. Where the documents say nothing, I tell you so.\n\n"
        "Just type a question, in Vietnamese if you can. Or try one of these:"
    ),
    owner="Thái Nguyên's digital transformation programme",
    help=(
        "<b>How to ask</b>\n"
        "• Type your question as you would say it, one at a time. The documents are in Vietnamese, "
        "so questions in Vietnamese find the most.\n"
        "• You can follow up: “còn đến năm 2030 thì sao?”. To ask about an older answer, reply to "
        "it.\n"
        "• Made a mistake? Edit your message and the answer changes with it.\n\n"
        "<b>Commands</b>\n{commands}\n\n"
        "<b>About the answers</b>\n"
        "The framed text is quoted word for word. For anything important, check the original.\n\n"
        "<b>About your data</b>\n"
        "I keep questions (personal data masked) and answers for {days} days to do better. "
        "/riengtu says more and lets you choose that none is kept; /xoadulieu deletes everything."
    ),
    examples=VIETNAMESE.examples,
    other_language="Tiếng Việt",
    meant="I took it as: {question}",
    not_meant="That is not it",
    uncertain="⚠️ Perhaps it is this.",
    differ="⚠️ The sources differ: {claims}.",
    claim="{document} says “{value}”",
    later="newer",
    phrased="✍️ Reworded by a machine; what counts are the exact words below:",
    absent="The documents I have <b>do not say</b> anything about this.",
    absent_here="There are documents close to this, but I find <b>nothing that answers</b> the question.",
    absent_nearest="The nearest documents:",
    listed="Documents of this kind here: {count}.",
    listed_newest="Documents of this kind here: {count}; the newest {shown} (all of them: /vanban):",
    nonexistent="I cannot find the document or the article you ask about.",
    refusals={
        "greeting": (
            "Hello! What would you like to know about Thái Nguyên's digital transformation? "
            "I look it up in the documents."
        ),
        "thanks": "You are welcome. Ask whenever you need anything else.",
        "bot": (
            "I am an automatic answering service of {owner}: a machine, not a person. I look "
            "things up in the documents on Thái Nguyên's digital transformation and quote them "
            "word for word with their source, so that you can check; where they say nothing, I "
            "tell you so. I cannot submit or look up applications for you. /help says how to ask."
        ),
        "offtopic": (
            "I can only help with Thái Nguyên's digital transformation, from the documents I "
            "have. Please try a question about that."
        ),
        "personal": "I have no private information and no files of anyone, and look up none.",
        "abuse": "Please put it more kindly. I will gladly look in the documents for you.",
        "injection": (
            "I only answer from the documents on digital transformation and follow no other "
            "instructions."
        ),
        "distress": (
            "I am very sorry that you are going through this, and I am only a machine and cannot "
            "be with you. Please talk to someone close to you right now, or call 115 (ambulance), "
            "113 (police); for children, 111. They can help you, at any hour."
        ),
    },
    perhaps_distress=(
        "I do not see yet what you would like to know; please type your question in full. If you are "
        "going through something hard, I am only a machine: please talk to someone close to you right "
        "now, or call 115 (ambulance), 113 (police); for children, 111."
    ),
    contact="You can ask here: {contact}",
    part="Question {number}: {question}",
    origin="From: {origin}",
    number="No.",
    dated="{document} of {date}",
    page="page",
    scanned="read by machine from a scan",
    status={
        "in force": "In force",
        "amended": "Amended",
        "expired": "No longer in force",
        "draft": "Draft, not yet issued",
        "not yet": "Not in force yet",
        "unknown": "Validity not known",
    },
    warnings={
        "expired": "⚠️ This document is no longer in force.",
        "draft": "⚠️ This is a draft that has not been issued.",
        "not yet": "⚠️ This document is not in force yet.",
    },
    replaced_by="Replaced by: {document}.",
    expired_since="No longer in force since {date}",
    not_yet="Not in force before {date}",
    newer="There is a newer one: {document}",
    untold="⚠️ Whether this document is still in force is not recorded here; please look it up.",
    recorded="The document does not say; what is recorded beside it here: {facts}.",
    last_day="Last day in force {date}",
    effective="In force from {date}",
    long_question="<i>That was a long question. If this misses the point, try a shorter one.</i>",
    caption_only="<i>I cannot look at pictures or files, so I answered the text only.</i>",
    edited="<i>Updated after you edited your question.</i>",
    lost=(
        "I was interrupted while sending your answer; you may have received it already. "
        "If not, press the button below."
    ),
    wait="I have all your questions and am answering them one by one. Please wait a little.",
    full=(
        "That is more than I can take: from this message on I have taken none. Please send them again "
        "once the earlier ones are answered."
    ),
    off="I am sorry: I am not answering for the time being.",
    off_reason="The reason: {reason}",
    off_later="Your question is not lost: once I answer again, press “{button}”.",
    off_ask="Answer this question",
    off_short="I am not answering for the time being. Please try again later.",
    apology=(
        "Sorry, something went wrong and I could not answer. Please try again in a few minutes. "
        "The problem has been recorded."
    ),
    more="More passages",
    outline="Document outline",
    back="Back to the answer",
    back_found="Back to the passages",
    share="Share",
    copy_number="Copy number {number}",
    original="Open the original",
    show_answer="Show the answer",
    ask_again="Ask again",
    up="👍",
    down="👎",
    why="What was wrong?",
    reasons={
        "d": "Wrong document",
        "q": "Not what I asked",
        "i": "Incomplete",
        "o": "Something else",
    },
    thanks_up="Thank you!",
    thanks_down="Thank you, I have noted it.",
    previous="Back",
    following="Next",
    first="First",
    last="Last",
    page_of="Page {page}/{pages}",
    outdated="The documents have been updated and this no longer holds. Please ask again.",
    button_old="This button is too old. Please ask again.",
    search_usage="Type /tim and what to look for, for example:\n<code>/tim chữ ký số</code>",
    search_title="Passages found for “{query}”",
    search_none="I found no passage. Please try other words.",
    more_title="Other related passages",
    more_none="There are no other passages.",
    said_wrong=(
        "Thank you for telling me. Please press 👎 under that answer so that it is noted, and ask again "
        "more exactly: the document's name, the year or what you need to know."
    ),
    said_unclear=(
        "I only quote the documents word for word and cannot explain them. Type “xem thêm” to read other "
        "passages, or ask again, one short question at a time."
    ),
    browse_kinds="<b>Library</b>: {count} documents. Which kind would you like to see?",
    browse_years="<b>{kind}</b>: choose a year.",
    browse_documents="<b>{kind}, {year}</b>: choose a document.",
    kind_other="Other",
    year_unknown="year unknown",
    outline_empty="This document has no articles or headings.",
    outline_hint="Choose what to read:",
    whole_text="Read all of it",
    read_on="Read all of {section}",
    left="{count} {parts} left",
    parts="parts",
    recent="<b>Recently added documents</b>",
    recent_none="There are no documents yet.",
    no_index="The library is being prepared. Please come back in a few minutes.",
    choose_language="Bạn muốn dùng tiếng nào? / Which language?",
    language_set="I will speak English with you. Quotations stay in Vietnamese.",
    privacy_notice=(
        "<i>I keep your questions (names, telephone, identity and account numbers masked) for {days} days, "
        "for statistics and to answer better. To see, get or erase them, or have none kept: /riengtu</i>"
    ),
    privacy=(
        "<b>Your data</b>\n\n"
        "<b>What is kept?</b> Your questions, the answers, 👍 👎 and your language. Names, telephone, identity "
        "and account numbers and e-mail addresses in a question are masked before it is kept. Your name and "
        "number in Telegram are not kept, only a keyed hash that tells which questions belong to one chat. "
        "Your message as it is stays until it is answered.\n\n"
        "<b>What for?</b> To understand follow-up questions, for the buttons to work, and to know what "
        "people ask that the documents lack. For nothing else and for nobody else.\n\n"
        "<b>How long?</b> {days} days; then only figures are left.\n\n"
        "<b>Who answers for it?</b> {contact}\n\n"
        "<b>Your rights</b>\n"
        "/dulieucuatoi: a file with what is kept about you\n"
        "/xoadulieu: erase all of it, at once\n"
        "The button below: keep nothing; I answer all the same.\n\n{now}"
    ),
    privacy_nobody="Whoever runs this bot; see its description.",
    privacy_stored="Questions asked here <b>are kept</b>, as said above.",
    privacy_unstored=(
        "Questions asked here <b>are not kept</b>: I hold them for {minutes} minutes, so that buttons and "
        "follow-up questions work, count them nowhere, and erase them."
    ),
    privacy_stop="Do not keep my questions",
    privacy_go_on="You may keep my questions",
    privacy_admins="Only the group's administrators can change whether questions here are kept.",
    export_done="This is all that I keep about you.",
    export_file="my-data.json",
    erase_sure=(
        "Erase the questions, answers, feedback and choice of language kept about this chat? "
        "They cannot be brought back."
    ),
    erase_yes="Erase all",
    erase_no="Keep it",
    erase_not="Nothing was erased.",
    erase_admins="Only the group's administrators can erase what is kept about it.",
    erased=(
        "Deleted: the questions, answers, feedback and language choice of this chat. "
        "Messages in the chat itself can be deleted in Telegram."
    ),
    group_hello=(
        "Hello everyone! I am a machine that answers questions about Thái Nguyên's digital transformation, with "
        "sources. Mention @{username} with your question, or reply to one of my messages."
    ),
    group_usage="Please write your question right after @{username}.",
    unknown_command="I do not know this command. See /help, or simply ask.",
    media={
        "voice": "I cannot listen to voice messages yet. Please type your question.",
        "photo": "I cannot look at pictures yet. Please type your question.",
        "video": "I cannot watch videos yet. Please type your question.",
        "sticker": "Thank you! What would you like to know about digital Thái Nguyên?",
        "location": "I do not use your location. Please ask in words.",
        "document": (
            "I cannot read files sent here. Please type what you would like to know, "
            "or see the documents I have with /vanban."
        ),
        "marks": "What would you like to know? Please type it as a question.",
        "other": "I can only read text. Please type your question.",
    },
    inline_none="Nothing found, tap to ask the bot",
    admins_only="This command is for administrators.",
    own_chat_only="Others can read here. Send me this command in our private chat.",
    stats=(
        "<b>The last seven days</b>\n{days}\n\n"
        "Answered: {share}%\nTime to answer (median): {median} s\n👍 {up}   👎 {down}{reasons}"
    ),
    stats_day="{day}: {count} questions",
    stats_none="No questions in the last seven days.",
    weekly=(
        "<b>Report {since} – {until}</b>\n{questions} questions, {share} answered. 👍 {up} · 👎 {down}.\n"
        "All of it, on the server: <code>cdsbot report report.html</code>"
    ),
    weekly_doubt=(
        "The report {since} – {until} may have been sent to you, I cannot be sure. If not, type /baocao."
    ),
    unanswered="<b>Questions left unanswered</b> (last 30 days, alike ones together)",
    unanswered_none="No question was left unanswered in the last 30 days.",
    reindexed="The library was updated: {documents} documents, {passages} passages.",
    reindex_failed="Updating the library failed; the old one keeps serving. Reason: {reason}",
    index_refused=(
        "The new version of the library ({name}) cannot be opened; the old one keeps serving. "
        "The log says why."
    ),
    index_troubled="⚠️ The bot goes on answering, but something needs mending: {problems}",
    readings_kept="⚠️ {count} documents could not be read again; their last reading serves:\n{files}",
    memory_failing=(
        "⚠️ The bot's memory ({memory}) cannot be used: {reason}. Perhaps nobody is answered; "
        "Telegram keeps their questions for 24 hours. Is the disk full, or is the file locked by another "
        "process? If it is damaged, put a backup in its place. Then I go on by myself."
    ),
    memory_back="The bot's memory can be used again. The questions that wait will be answered.",
    commands={
        "start": "About me, with example questions",
        "help": "How to use me",
        "vanban": "Browse documents by kind and year",
        "tim": "Search passages",
        "moi": "Recently added documents",
        "ngonngu": "Change the language",
        "riengtu": "What is kept about you; whether to keep it",
        "dulieucuatoi": "Get a file with what is kept about you",
        "xoadulieu": "Delete what is kept about you",
    },
    admin_commands={
        "thongke": "Figures and ratings",
        "baocao": "The last seven days as a picture",
        "chuatraloi": "Unanswered questions",
    },
    description=(
        "A machine that answers on Thái Nguyên's digital transformation programme. Every answer is "
        "quoted word for word from a document and names its source. Documents are in Vietnamese."
    ),
    short_description="A machine for cited answers on Thái Nguyên's digital transformation.",
)

GROUP_COMMANDS = ("help", "tim", "vanban")


def texts_for(language: str | None) -> Texts:
    """Vietnamese unless a chat has chosen English: the documents are Vietnamese."""
    return ENGLISH if language == "en" else VIETNAMESE


_SURE = 0.5  # chance from which a message is taken for a person's in distress


def refusal(answer: Answer, texts: Texts, contact: str) -> str:
    """What is said where nothing is looked up; `contact`, where there is one, is the bot's office."""
    kind = answer.refused or "offtopic"
    if kind == "distress" and answer.confidence < _SURE:
        return texts.perhaps_distress
    text = texts.refusals[kind].format(owner=contact or texts.owner)
    reachable = contact and kind in ("personal", "bot")  # whoever asks for somebody to speak to
    return text + (f" {texts.contact.format(contact=contact)}" if reachable else "")
