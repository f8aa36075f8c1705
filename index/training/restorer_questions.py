"""How people ask: patterns of our own, since laws and encyclopaedias hold hardly a question."""

# {} is a clause of the training text, {n} words which follow a number there ("12 tháng kể từ" →
# "bao nhiêu tháng kể từ"). Written by hand for this project; nothing in them is
# taken from an evaluation set.
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
"""
