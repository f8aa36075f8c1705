"""What a question is about, for the report: the subject most of whose words it has."""

from __future__ import annotations

from knowledge.vietnamese import syllables

OTHER = "Việc khác"
# folded words and pairs of words; a pair weighs as much as its words together
_SUBJECTS = {
    "Dịch vụ công, thủ tục": "thu tuc,dich vu cong,ho so,mot cua,nop,truc tuyen,giay phep,cap lai,dang ky,le phi,phi",
    "Định danh, chữ ký số": "can cuoc,dinh danh,vneid,chu ky so,cccd,xac thuc,tai khoan",
    "Chính quyền số, dữ liệu": "chinh quyen so,du lieu,co so du lieu,lien thong,van ban dien tu,ioc,trung tam dieu hanh,nen tang",
    "Kinh tế số, doanh nghiệp": "kinh te so,doanh nghiep,thuong mai dien tu,san,hoa don,thanh toan,thue,kinh doanh,ocop,cho",
    "Xã hội số, kỹ năng số": "xa hoi so,ky nang so,binh dan hoc vu,to cong nghe so,cong dong,nguoi dan,pho cap",
    "Hạ tầng, viễn thông": "ha tang,4g,5g,internet,bang rong,vien thong,cap quang,song,phu song,tram",
    "Giáo dục": "giao duc,hoc sinh,truong,giao vien,hoc ba,sinh vien,hoc phi,dai hoc",
    "Y tế": "y te,benh vien,benh an,kham,bao hiem y te,suc khoe,so suc khoe",
    "Nông nghiệp, nông thôn": "nong nghiep,nong thon,nong dan,che,truy xuat,ca phe,chan nuoi,hop tac xa",
    "An toàn thông tin": "an toan thong tin,an ninh mang,lua dao,ma doc,bao mat,du lieu ca nhan",
    "Mục tiêu, kế hoạch, xếp hạng": "muc tieu,ke hoach,nghi quyet,xep hang,dti,chi so,de an,chien luoc,kinh phi,nhiem vu,den nam",
    "Tổ chức, cán bộ": "to chuc,can bo,cong chuc,bo may,sap nhap,chuc nang,nguoi dung dau,bien che",
}
_WORDS = {name: tuple(words.split(",")) for name, words in _SUBJECTS.items()}


def subject(understood: str) -> str:
    """The subject of a question as it was understood; OTHER where it has no subject's words."""
    text = f" {' '.join(syllables(understood))} "
    weight = {
        name: sum(len(word.split()) for word in words if f" {word} " in text)
        for name, words in _WORDS.items()
    }
    best = max(weight, key=lambda name: weight[name])  # the first of equals
    return best if weight[best] else OTHER
