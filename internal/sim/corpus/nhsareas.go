package corpus

// board is an integrated care board of July 2022.
type board struct {
	code, name, region string
	practices          int      // in May 2022
	into               []string // those that took over on 1 April 2026; of several, each a part
}

// boards are the 42, from public lists; what lies below them is made up.
var boards = []board{
	{"QKK", "SOUTH EAST LONDON", "Y56", 198, nil},
	{"QMF", "NORTH EAST LONDON", "Y56", 274, nil},
	{"QMJ", "NORTH CENTRAL LONDON", "Y56", 181, []string{"Z9B2Z"}},
	{"QRV", "NORTH WEST LONDON", "Y56", 354, []string{"Z9B2Z"}},
	{"QWE", "SOUTH WEST LONDON", "Y56", 181, nil},
	{"QJK", "DEVON", "Y58", 121, nil},
	{"QOX", "BATH AND NORTH EAST SOMERSET, SWINDON AND WILTSHIRE", "Y58", 92, nil},
	{"QR1", "GLOUCESTERSHIRE", "Y58", 72, nil},
	{"QSL", "SOMERSET", "Y58", 64, nil},
	{"QT6", "CORNWALL AND THE ISLES OF SCILLY", "Y58", 58, nil},
	{"QUY", "BRISTOL, NORTH SOMERSET AND SOUTH GLOUCESTERSHIRE", "Y58", 79, nil},
	{"QVV", "DORSET", "Y58", 73, nil},
	{"QKS", "KENT AND MEDWAY", "Y59", 193, nil},
	{"QNQ", "FRIMLEY", "Y59", 72, []string{"S0E4D", "S9B9J", "QRL"}},
	{"QNX", "SUSSEX", "Y59", 162, []string{"S9B9J"}},
	{"QRL", "HAMPSHIRE AND ISLE OF WIGHT", "Y59", 143, nil},
	{"QU9", "BUCKINGHAMSHIRE, OXFORDSHIRE AND BERKSHIRE WEST", "Y59", 159, []string{"S0E4D"}},
	{"QXU", "SURREY HEARTLANDS", "Y59", 104, []string{"S9B9J"}},
	{"QGH", "HEREFORDSHIRE AND WORCESTERSHIRE", "Y60", 80, nil},
	{"QHL", "BIRMINGHAM AND SOLIHULL", "Y60", 158, nil},
	{"QJ2", "DERBY AND DERBYSHIRE", "Y60", 111, nil},
	{"QJM", "LINCOLNSHIRE", "Y60", 83, nil},
	{"QK1", "LEICESTER, LEICESTERSHIRE AND RUTLAND", "Y60", 133, nil},
	{"QNC", "STAFFORDSHIRE AND STOKE-ON-TRENT", "Y60", 145, nil},
	{"QOC", "SHROPSHIRE, TELFORD AND WREKIN", "Y60", 52, nil},
	{"QPM", "NORTHAMPTONSHIRE", "Y60", 68, nil},
	{"QT1", "NOTTINGHAM AND NOTTINGHAMSHIRE", "Y60", 125, nil},
	{"QUA", "BLACK COUNTRY", "Y60", 206, nil},
	{"QWU", "COVENTRY AND WARWICKSHIRE", "Y60", 119, nil},
	{"QH8", "MID AND SOUTH ESSEX", "Y61", 150, []string{"D7T5G"}},
	{"QHG", "BEDFORDSHIRE, LUTON AND MILTON KEYNES", "Y61", 95, []string{"S1Y5D"}},
	{"QJG", "SUFFOLK AND NORTH EAST ESSEX", "Y61", 92, []string{"D7T5G", "T6Y0W"}},
	{"QM7", "HERTFORDSHIRE AND WEST ESSEX", "Y61", 137, []string{"S1Y5D", "D7T5G"}},
	{"QMM", "NORFOLK AND WAVENEY", "Y61", 105, []string{"T6Y0W"}},
	{"QUE", "CAMBRIDGESHIRE AND PETERBOROUGH", "Y61", 89, []string{"S1Y5D"}},
	{"QE1", "LANCASHIRE AND SOUTH CUMBRIA", "Y62", 202, nil},
	{"QOP", "GREATER MANCHESTER", "Y62", 425, nil},
	{"QYG", "CHESHIRE AND MERSEYSIDE", "Y62", 353, nil},
	{"QF7", "SOUTH YORKSHIRE", "Y63", 183, nil},
	{"QHM", "NORTH EAST AND NORTH CUMBRIA", "Y63", 360, nil},
	{"QOQ", "HUMBER AND NORTH YORKSHIRE", "Y63", 180, nil},
	{"QWO", "WEST YORKSHIRE", "Y63", 275, nil},
}

// newBoards are those of 1 April 2026; one more had a part of another board added.
var newBoards = map[string]string{
	"Z9B2Z": "WEST AND NORTH LONDON", "S9B9J": "SURREY AND SUSSEX", "S0E4D": "THAMES VALLEY",
	"D7T5G": "ESSEX", "S1Y5D": "CENTRAL EAST", "T6Y0W": "NORFOLK AND SUFFOLK",
}

var regions = map[string]string{
	"Y56": "LONDON", "Y58": "SOUTH WEST", "Y59": "SOUTH EAST", "Y60": "MIDLANDS", "Y61": "EAST OF ENGLAND",
	"Y62": "NORTH WEST", "Y63": "NORTH EAST AND YORKSHIRE",
}
