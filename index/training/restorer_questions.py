"""How people ask: patterns of our own, since laws and encyclopaedias hold hardly a question."""

# {} is a clause of the training text, {n} words which follow a number there ("12 tháng kể từ" →
# "bao nhiêu tháng kể từ"), any other name a phrase of PHRASES. Written by hand for this project;
# nothing in them is taken from an evaluation set.
PATTERNS = """
{} là gì?
{} là ai?
{} là bao nhiêu?
{} là bao lâu?
{} là khi nào?
{} là ngày nào?
{} là năm nào?
{} là ở đâu?
{} ở đâu?
{} vào năm nào?
{} vào thời gian nào?
{} vào ngày tháng năm nào?
{} từ khi nào?
{} từ bao giờ?
{} từ năm nào?
{} khi nào?
{} bao giờ?
{} lúc mấy giờ?
{} năm nào?
{} ngày nào?
{} như thế nào?
{} thế nào?
{} ra sao?
{} làm sao?
{} bằng cách nào?
{} bằng gì?
{} để làm gì?
{} vì lý do gì?
{} do ai?
{} bởi ai?
{} cho ai?
{} với ai?
{} của ai?
{} ai?
{} gì?
{} nào?
{} những gì?
{} trong bao lâu?
{} mất bao lâu?
{} bao lâu?
{} bao xa?
{} hết bao nhiêu tiền?
{} tốn bao nhiêu tiền?
{} giá bao nhiêu?
{} không?
{} hay không?
{} được không?
{} có được không?
{} phải không?
{} có phải không?
{} chưa?
{} đúng không?
{} được quy định như thế nào?
{} được quy định ở đâu?
{} được quy định tại điều nào?
{} bao nhiêu {n}?
{} mấy {n}?
{} có bao nhiêu {n}?
{} có mấy {n}?
{} là mấy {n}?
{} được bao nhiêu {n}?
{} trong bao nhiêu {n}?
{} trong vòng bao nhiêu {n}?
{} tối đa bao nhiêu {n}?
{} tối thiểu bao nhiêu {n}?
{} khoảng bao nhiêu {n}?
{} gồm bao nhiêu {n}?
{} gồm mấy {n}?
{} gồm những gì?
{} gồm những {} nào?
{} có những {} nào?
{} đến năm nào?
{} đến năm 2025 là bao nhiêu?
{} đạt bao nhiêu phần trăm?
{} chiếm bao nhiêu phần trăm?
{} thuộc {} nào?
{} tại {} nào?
{} trong {} nào?
{} cho {} nào?
{} với {} nào?
{} bởi {} nào?
{} bằng {} nào?
{} theo {} nào?
{} do {} nào {}?
{} loại nào?
{} ở nước nào?
{} ở tỉnh nào?
{} ở thành phố nào?
{} bằng tiếng gì?
{} bằng ngôn ngữ nào?
{} có tên là gì?
{} tên là gì?
{} còn được gọi là gì?
{} được gọi là gì?
{} có nghĩa là gì?
{} nghĩa là gì?
{} dùng để làm gì?
{} có tác dụng gì?
{} có vai trò gì?
{} có trách nhiệm gì?
{} có quyền gì?
{} có nghĩa vụ gì?
{} cần những giấy tờ gì?
{} cần gì?
{} phải làm gì?
{} phải làm thế nào?
{} làm như thế nào?
{} làm ở đâu?
{} nộp ở đâu?
{} liên hệ ai?
{} bị phạt bao nhiêu tiền?
{} bị xử lý thế nào?
Ai {}?
Ai là {}?
Ai là người {}?
Ai đã {}?
Ai được {}?
Ai có thẩm quyền {}?
Những ai {}?
Người nào {}?
Cái gì {}?
Điều gì {}?
Điều gì đã {}?
Những gì {}?
Đâu là {}?
Bao nhiêu {n}?
Bao nhiêu {n} {}?
Có bao nhiêu {n}?
Có bao nhiêu {n} {}?
Có mấy {n}?
Mấy {n} {}?
Khoảng bao nhiêu {n} {}?
Có bao nhiêu người {}?
Bao nhiêu người {}?
Bao nhiêu phần trăm {}?
Tỷ lệ {} là bao nhiêu?
Số lượng {} là bao nhiêu?
Tổng số {} là bao nhiêu?
Dân số {} là bao nhiêu?
Diện tích {} là bao nhiêu?
Mức {} là bao nhiêu?
Mức phạt {} là bao nhiêu?
Thời hạn {} là bao lâu?
Thời gian {} là bao lâu?
Bao lâu thì {}?
Bao lâu {}?
Mất bao lâu để {}?
Bao giờ {}?
Bao giờ thì {}?
Khi nào {}?
Khi nào thì {}?
Năm nào {}?
Vào năm nào {}?
Vào ngày nào {}?
Từ khi nào {}?
Trong năm nào {}?
Ở đâu {}?
Nơi nào {}?
Nước nào {}?
Quốc gia nào {}?
Thành phố nào {}?
Tỉnh nào {}?
Cơ quan nào {}?
Cơ quan nào có thẩm quyền {}?
Tổ chức nào {}?
Đơn vị nào {}?
Công ty nào {}?
Nhà khoa học nào {}?
Nhóm nào {}?
Loại {} nào {}?
Những {} nào {}?
Các {} nào {}?
Một số {} là gì?
Vì sao {}?
Tại sao {}?
Tại sao lại {}?
Lý do {} là gì?
Nguyên nhân {} là gì?
Mục đích {} là gì?
Làm thế nào để {}?
Làm sao để {}?
Làm cách nào để {}?
Bằng cách nào {}?
Như thế nào là {}?
Thế nào là {}?
Có phải {}?
Có phải {} không?
Có được {} không?
Có cần {} không?
Có thể {} không?
{} có {} không?
{} có được {} không?
{} có phải {} không?
{} có thể {} không?
{} đã {} chưa?
Trường hợp nào {}?
Trong trường hợp nào thì {}?
Đối tượng nào {}?
Hành vi nào {}?
Điều kiện {} là gì?
Theo {}, {} là gì?
Theo quy định, {} như thế nào?
Theo luật, {} trong bao lâu?
Tên của {} là gì?
Tên {} là gì?
Tên gọi khác của {} là gì?
Từ {} có nghĩa là gì?
Kể tên {}.
Hãy nêu {}.
Hãy cho biết {}.
Cho biết {} là gì?
Cho tôi hỏi {}?
Cho em hỏi {} ạ?
Cho mình hỏi {} với?
Em muốn hỏi {} như thế nào ạ?
Tôi muốn {} thì phải làm gì?
Mình muốn {} thì làm ở đâu?
Bạn cho biết {}?
Xin hỏi {}?
Xin cho hỏi {}?
Muốn {} thì cần giấy tờ gì?
Thủ tục {} gồm những gì?
Thủ tục {} thế nào?
Hồ sơ {} gồm những gì?
Lệ phí {} bao nhiêu?
Đăng ký {} ở đâu?
Đến năm 2030 {} bao nhiêu phần trăm?
Mục tiêu {} đến năm 2030 là gì?
Nhiệm vụ {} là gì?
Số điện thoại {} là gì?
Địa chỉ {} ở đâu?
Ngoài {}, còn {} nào?
Sau khi {}, {} đã làm gì?
Trước khi {}, {} là gì?
Nếu {} thì {} như thế nào?
Nếu {} thì sao?
Còn {} thì sao?
Thế còn {} thì thế nào?
{} khác {} như thế nào?
{} với {}, cái nào {} hơn?
{who} {want} {do} {ask}?
{who} {want} {do} {ask}?
{who} {want} {do} {ask} {end}?
{who} {want} {do} {ask} {end}?
{who} {want} {do} {ask} {end}?
{want} {do} {ask}?
{want} {do} {ask}?
{want} {do} {ask} {end}?
{do} {ask}?
{do} {ask}?
{do} {ask}?
{do} {ask} {end}?
{do} {ask} {end}?
{hello}, {who} {want} {do} {ask} {end}?
{hello}, {who} {want} {do} {ask} {end}?
{hello} {who} {do} {ask}?
{who} {do} {ask}?
{who} {do} {ask}?
{who} {do} rồi mà {who} chưa {do} {ask}?
{who} {do}, giờ {who} {do} {ask} {end}?
{who} {do} nhưng {who} không {do} thì {ask}?
{who} {do} xong thì {who} {do} {ask}?
{who} {do} thì có bị phạt không {end}?
{who} {do} thì {who} có được {do} không?
{who} có được {do} không {end}?
{who} có phải {do} không {end}?
{who} phải {do} {ask}?
{who} đã {do} chưa?
{who} đang {do} thì {ask}?
{who} không {do} được thì {ask}?
{who} chưa {do} thì có sao không?
{who} mới {do}, {ask} {end}?
{who} định {do}, {ask} {end}?
{who} lỡ {do} thì {ask} {end}?
{who} bị {} thì {ask} {end}?
{who} được {} thì {ask}?
{who} muốn {} {ask}?
{who} hỏi về {} {end}.
{who} không biết {do} {ask} {end}.
{who} không hiểu {} {ask}?
{who} thấy {} thì {who} {do} {ask}?
nếu {who} {do} thì {ask}?
nếu {who} không {do} thì {ask}?
khi {who} {do} thì {ask}?
sau khi {who} {do} thì {ask}?
trước khi {do} {who} phải {do} không?
tại sao {who} không {do} được?
vì sao {who} phải {do}?
sao {who} {do} mãi không được {end}?
làm sao để {who} {do} {end}?
làm thế nào để {do}?
bao giờ thì {who} được {do}?
ai {do} cho {who} {end}?
{hello} cho {who} hỏi {do} {ask}?
{hello} cho {who} hỏi {ask} {end}?
cho {who} hỏi {do} {ask} {end}?
bạn cho {who} hỏi {do} {ask}?
nhờ bạn chỉ giúp {who} {do} {end}.
bạn giúp {who} {do} với.
hãy giúp {who} {do}.
hãy cho {who} biết {ask}.
hãy kể cho {who} nghe về {}.
hãy nói rõ hơn về {}.
hãy tóm tắt {}.
hãy giải thích {} cho {who}.
bạn có biết {} không?
bạn là ai, bạn làm được gì?
bạn tên là gì, ai làm ra bạn?
cảm ơn bạn, còn {do} thì sao?
còn {who} thì sao?
thế còn {do} thì sao {end}?
vậy {who} {do} {ask}?
vậy {do} {ask}?
vậy thì {who} phải {do} {ask}?
thế thì {ask} {end}?
có mấy {n} thì được {do}?
số mấy, đường nào, gặp ai {end}?
mấy giờ thì {who} đến được {end}?
nhà {who} có mấy người thì {ask}?
ở xã {who} {ask}?
ở tỉnh mình {do} {ask}?
ở chỗ {who} chưa có {}, {ask}?
trên mạng có người {do} thì {ask}?
trên điện thoại thì {do} {ask}?
hôm nay {ask}?
năm nay {who} {do} {ask}?
ngày mai {who} {do} được không?
"""

PHRASES = {
    "who": """
tôi|tôi|tôi|tôi|tôi|tôi|mình|mình|em|em|em|anh|chị|bạn|bạn|cháu|con|tớ|bác|cô|chú|ông|bà|họ|nó
chúng tôi|chúng em|chúng mình|bọn em|mọi người|người ta|người dân|bà con|nhà tôi|nhà em|nhà mình
gia đình tôi|gia đình em|bố tôi|bố em|mẹ tôi|mẹ em|bố mẹ tôi|vợ tôi|chồng tôi|vợ chồng tôi|con tôi
con em|con gái tôi|con trai tôi|ông bà tôi|anh trai tôi|chị gái em|em trai tôi|hàng xóm nhà tôi
cơ quan tôi|công ty em|cửa hàng nhà tôi|bạn em|người già|trẻ em|học sinh|sinh viên|cán bộ xã
""",
    "want": """
muốn|muốn|muốn hỏi|cần|đang cần|định|có thể|có được|được|phải|có phải|nên|có nên|chưa|không|đã|sẽ
đang|vừa|vừa mới|mới|sắp|vẫn chưa|không biết|quên|đang tìm cách|chưa biết|muốn nhờ|hay|cũng muốn
""",
    "do": """
làm căn cước|đổi căn cước|làm lại thẻ căn cước bị mất|làm hộ chiếu|gia hạn hộ chiếu|đăng ký kết hôn
làm giấy khai sinh cho con|xin giấy xác nhận độc thân|đăng ký tạm trú|đăng ký thường trú|nhập hộ khẩu
tách hộ|chuyển khẩu|chuyển nhà|chuyển trường cho con|xin cho con học lớp một|nộp học phí|xin việc
nghỉ việc|nghỉ thai sản|sinh con|nuôi con nhỏ|trông cháu|chăm mẹ ốm|đi khám bệnh|mua thuốc
mua bảo hiểm y tế|dùng thẻ bảo hiểm|rút bảo hiểm một lần|đóng bảo hiểm|lĩnh lương hưu|nhận trợ cấp
nhận tiền hỗ trợ|vay tiền ngân hàng|vay vốn|trả nợ|gửi tiền về quê|chuyển tiền nhầm|bị lừa tiền
bị lộ thông tin|bị mất điện thoại|bị khóa tài khoản|quên mật khẩu|đổi mật khẩu|đổi số điện thoại
đổi tên|sửa sai sót trong giấy tờ|sửa ngày sinh|tạo tài khoản|mở tài khoản|đăng nhập|cài ứng dụng
tải ứng dụng về máy|cài đặt định danh mức hai|quét mã|quét mặt|chụp ảnh giấy tờ|ký số|mua chữ ký số
gửi hồ sơ|nộp hồ sơ qua mạng|nộp hồ sơ trực tuyến|theo dõi hồ sơ|tra cứu hồ sơ|tra mã hồ sơ
bổ sung hồ sơ|rút hồ sơ|lấy kết quả|nhận kết quả tại nhà|trả kết quả qua bưu điện|in giấy tờ
chứng thực bản sao|công chứng giấy tờ|dịch giấy tờ|viết đơn|gửi đơn|làm đơn khiếu nại|tố cáo
gửi phản ánh|góp ý|gọi tổng đài|hỏi cán bộ|gặp lãnh đạo|đến trụ sở|đến tận nơi|hẹn giờ|xếp hàng
chờ lâu|đợi mãi|đi lại nhiều lần|làm hộ người khác|ủy quyền cho con|nhờ người nộp thay|nộp thay bố mẹ
nộp thuế|khai thuế|hoàn thuế|đóng phí|đóng tiền điện|trả tiền nước|nộp phạt|bị phạt|bị phạt nguội
thi bằng lái|đổi bằng lái xe|đăng ký xe máy|sang tên xe|mua xe cũ|bán xe|lái xe|đi xe máy
mua nhà|bán nhà|thuê nhà|cho thuê nhà|xây nhà|sửa nhà|xin phép xây dựng|làm sổ đỏ|sang tên sổ đỏ
tách thửa|chia đất cho con|mua đất|bán đất|chuyển mục đích đất|tranh chấp đất với hàng xóm
xem quy hoạch|bị thu hồi đất|nhận đền bù|mở quán ăn|mở cửa hàng|mở công ty|lập hộ kinh doanh
bán hàng trên mạng|mua hàng trên mạng|trả lại hàng|giao hàng|mua phải hàng giả|hủy đơn
quảng cáo|livestream bán hàng|đăng bài|đăng ảnh người khác|bị nói xấu trên mạng
nghe cuộc gọi lạ|chặn số lạ|xóa thông tin của mình|chia sẻ dữ liệu|lưu dữ liệu
học nghề|học tin học|học dùng máy tính|dùng mạng|dùng máy tính|dùng điện thoại thông minh|bắt sóng
nối mạng|lắp mạng|lên mạng|vào trang web|bấm nút nào|điền tờ khai|điền thiếu|ghi sai
nhập mã|nhận mã xác nhận|trồng rau|trồng chè|nuôi gà|nuôi lợn
nuôi cá|bán chè|bán rau|đi chợ|ăn cơm|nấu ăn|đi chơi|đi làm|đi học|đi xa|về quê|ở nhà|đi bộ
xem phim|nghe nhạc|đọc sách|đọc báo|xem tin tức|chơi trò chơi|nhắn tin|gọi điện|ngủ sớm
tham gia tổ công nghệ số|thi công chức|vào biên chế|được khen thưởng|bị kỷ luật
được tăng lương|xin nghỉ phép|đi công tác|họp trực tuyến|viết báo cáo|lập kế hoạch
chấm điểm|xếp hạng|thuê phần mềm|mua máy tính|đấu thầu|thanh toán tiền thuê|làm đề án|trả lời dân
""",
    "ask": """
ở đâu|ở đâu|như thế nào|thế nào|làm sao|ra sao|bằng cách nào|cần giấy tờ gì|cần những gì|cần gì
mất bao lâu|bao lâu thì xong|mấy ngày thì có|mấy ngày thì xong|hết bao nhiêu tiền|tốn bao nhiêu
bao nhiêu tiền|phí bao nhiêu|có mất tiền không|có mất phí không|được không|được chưa|không|có khó không
có sao không|có bị phạt không|bị phạt thế nào|bị phạt bao nhiêu|có được không|có phải đến không
có cần đến tận nơi không|thì làm gì|thì phải làm gì|thì phải làm sao|thì làm thế nào|thì hỏi ai
thì gặp ai|thì gọi số nào|thì vào đâu|thì nộp ở đâu|thì đến đâu|thì bấm vào đâu|ai làm|ai cho phép
ai trả tiền|ai chịu trách nhiệm|do ai quyết định|khi nào|bao giờ|từ bao giờ|lúc nào|lúc mấy giờ
mấy giờ mở cửa|mở cửa ngày nào|ngày nào|tháng nào|năm nào|đến bao giờ|trong bao lâu|vì sao|tại sao
theo luật nào|theo quy định nào|theo điều nào|chỗ nào|nơi nào|đường nào|phòng nào|cơ quan nào
bên nào|người nào|loại nào|cái nào|mẫu nào|trang nào|được mấy lần|được bao nhiêu|tối đa mấy ngày
tối đa bao nhiêu|ít nhất mấy người|mỗi năm mấy lần|mỗi người bao nhiêu|có lợi gì|để làm gì|là gì
nghĩa là gì|khác gì|giống nhau không|còn hiệu lực không|còn áp dụng không|đã có chưa|có chưa
có thật không|có đúng không|đúng không|phải không|hay sao|có an toàn không|có tốt không
""",
    "end": """
ạ|ạ|ạ|vậy|vậy ạ|thế|thế ạ|nhỉ|nhé|hả bạn|bạn ơi|ad ơi|với|với ạ|đây|bây giờ|được ạ|hở bạn
giúp em với|giúp tôi với|chỉ giúp tôi|cảm ơn bạn|em cảm ơn|xin cảm ơn|mình cảm ơn|mong được trả lời
""",
    "hello": """
chào bạn|xin chào|chào anh chị|chào ad|dạ|alo|ad ơi|bạn ơi|em chào anh chị|kính gửi cơ quan
anh chị ơi|cho hỏi|làm ơn|thưa anh chị|dạ em chào|vâng|ừ|thôi được|à mà này
""",
}
