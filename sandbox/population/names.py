"""First and last names for the people of a generated district, combined at random.

The lists go from common to rare, and no two names of a list differ only by case and accents:
`sandbox.population.families` splits each list into groups, and relies on names of different groups being
different.
"""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


LAST_NAMES = _words(
    """
    Smith Johnson Williams Brown Jones Garcia Miller Davis Rodríguez Martínez Hernández López González
    Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Pérez Thompson White Harris Sánchez Clark
    Ramírez Lewis Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill Flores Green Adams
    Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts Gómez Phillips Evans Turner Díaz Parker Cruz
    Edwards Collins Reyes Stewart Morris Morales Murphy Cook Rogers Gutiérrez Ortiz Morgan Cooper Peterson
    Bailey Reed Kelly Howard Ramos Kim Cox Ward Richardson Watson Brooks Chávez Wood James Bennett Gray
    Mendoza Ruiz Hughes Price Álvarez Castillo Sanders Patel Myers Long Ross Foster Jiménez Powell Jenkins
    Perry Russell Sullivan Bell Coleman Butler Henderson Barnes Gonzales Fisher Vásquez Simmons Romero
    Jordan Patterson Alexander Hamilton Graham Reynolds Griffin Wallace Moreno West Cole Hayes Bryant
    Herrera Gibson Ellis Tran Medina Aguilar Stevens Murray Ford Castro Marshall Owens Harrison Fernández
    McDonald Woods Washington Kennedy Wells Vargas Henry Chen Freeman Webb Tucker Guzmán Burns Crawford
    Olson Simpson Porter Hunter Gordon Méndez Silva Shaw Snyder Mason Dixon Muñoz Hunt Hicks Holmes Palmer
    Wagner Black Robertson Boyd Rose Stone Salazar Fox Warren Mills Meyer Rice Schmidt Garza Daniels
    Ferguson Nichols Stephens Soto Weaver Ryan Gardner Payne Grant Dunn Kelley Spencer Hawkins Arnold
    Pierce Hansen Peters Santos Hart Bradley Knight Elliott Cunningham Duncan Armstrong Hudson Carroll
    Lane Riley Andrews Alvarado Ray Delgado Berry Perkins Hoffman Johnston Matthews Peña Richards
    Contreras Willis Carpenter Lawrence Sandoval Guerrero George Chapman Rios Estrada Ortega Watkins
    Greene Núñez Wheeler Valdez Harper Burke Larson Santiago Maldonado Morrison Franklin Carlson Austin
    Domínguez Carr Lawson Jacobs O'Brien Lynch Singh Vega Bishop Montgomery Oliver Jensen Harvey
    Williamson Gilbert Dean Sims Espinoza Howell Li Wong Reid Hanson Le McCoy Garrett Burton Fuller Wang
    Weber Welch Rojas Lucas Márquez Fields Park Yang Little Banks Padilla Day Walsh Bowman Schultz Luna
    Fowler Mejía Dávila O'Connor Kowalski Haddad Okafor Nakamura D'Angelo Kaur Hussein Abdi Ivanova Cohen
    Rossi Nowak Petrov Svensson Fitzgerald McCarthy Al-Amin Osei Mensah Diallo Traoré Ahmed Khan Ali
    Hassan Rahman Chowdhury Das Gupta Sharma Reddy Iyer Nair Mehta Shah Desai Begay Yazzie Tsosie Benally
    Whitehorse Running-Bear Kalani Kealoha Tanaka Suzuki Sato Ito Watanabe Choi Jung Kang Cho Yoon Pham
    Huynh Vo Dang Bui Hoang Vang Xiong Lor Moua Thao Zhang Liu Huang Zhao Wu Zhou Xu Lin Chang Dela-Cruz
    Bautista Villanueva Manalo Pascual Soriano Navarro Cabrera Pacheco Acosta Figueroa Colón Rosario
    Burgos Serrano Cardenas Lozano Zamora Trejo Barrera Escobar Quintero Beltrán Ibarra Cervantes
    Velázquez Robles Solís Montoya Trujillo Gallegos Archuleta Duarte Pineda Bernal Zúñiga Murillo Macías
    Ochoa Cordero Baptiste Toussaint Charles Pierre Desrosiers Boudreaux Hébert Thibodeaux Fontenot Landry
    Broussard Guidry Müller Schröder Becker Krüger Vogel Keller Zimmerman Kraft Lindqvist Nyström
    Halvorsen Sørensen Dąbrowski Zieliński Novák Horváth Popescu O'Neill O'Reilly MacDonald McKenzie
    Gallagher Doyle Brennan Quinn Byrne Kavanagh St-Clair De-Luca Moretti Bianchi Esposito Ferraro
    Lombardi Mancini Katz Levin Rosen Friedman Goldberg Weiss Papadakis Nassar Mansour Khoury Aziz Farah
    Yusuf Warsame Tesfaye Bekele Abebe Kamau Odhiambo Nkosi Adeyemi Chukwu Eze Balogun Whitaker Holloway
    Underwood Blackwell Pruitt Stanton Merritt Hatfield Combs Stamper Ratliff Mullins Slone Blevins
    Tackett Ashcraft
    """
)

BOYS = _words(
    """
    Liam Noah Oliver James Elijah Mateo Theodore Henry Lucas William Benjamin Levi Sebastián Jack Ezra
    Michael Daniel Leo Owen Samuel Hudson Alexander Asher Luca Ethan John David Jackson Joseph Mason Luke
    Matthew Julian Dylan Elias Jacob Maverick Gabriel Logan Aiden Thomas Isaac Miles Grayson Santiago
    Anthony Wyatt Carter Jayden Ezekiel Caleb Cooper Josiah Charles Christopher Isaiah Nolan Cameron
    Nathan Joshua Kai Waylon Angel Lincoln Andrew Roman Adrian Aaron Wesley Ian Thiago Axel Brooks Bennett
    Weston Rowan Christian Theo Beau Eli Silas Jonathan Ryan Walker Jaxon Robert Colton Nicolás José Jace
    Jaylen Micah Declan Evan Easton Damián Xavier Jameson Parker Hunter Connor Jordan Chase Diego Malachi
    Omar Amir DeShawn Malik Tyrone Jamal Tariq Khalid Mohamed Yusuf Ibrahim Arjun Rohan Vihaan Aarav Minh
    Bao Tuan Hiroshi Kenji Jin Wei Kofi Kwame Emeka Chidi Tomás Andrés Iván Óscar Raúl Emilio Joaquín
    Rafael Hugo Felix Anders Søren Finn Cormac Dmitri Pavel Zayn Cruz Koa Keanu
    """
)

GIRLS = _words(
    """
    Olivia Emma Charlotte Amelia Sophia Mía Isabella Ava Evelyn Luna Harper Sofía Camila Eleanor Elizabeth
    Violet Scarlett Emily Hazel Lily Gianna Aurora Penelope Aria Nora Chloë Ellie Mila Avery Layla Abigail
    Ella Isla Eliana Nova Madison Zoë Ivy Grace Lucy Willow Emilia Riley Naomi Victoria Stella Elena
    Hannah Valentina Maya Zoey Delilah Leah Lainey Lillian Paisley Genesis Madelyn Sadie Sophie Leilani
    Addison Natalie Josephine Alice Ruby Claire Kinsley Everly Emery Adeline Kennedy Maeve Audrey Autumn
    Athena Eden Iris Anna Eloise Jade María Caroline Brooklyn Quinn Aaliyah Vivian Liliana Gabriella
    Hailey Sarah Savannah Cora Madeline Natalia Ariana Lydia Lyla Clara Allison Aubrey Millie Melody Ayla
    Serenity Bella Skylar Josie Raelynn Everleigh Ana-Sofía Mary-Kate Anne-Marie Jada Imani Nia Aisha
    Fatima Amina Zainab Khadija Priya Anika Diya Saanvi Linh Mai Thuy Yuki Sakura Hana Mei Ling Ama Adaeze
    Ngozi Lucía Ximena Guadalupe Inés Renée Noémie Ingrid Freya Saoirse Siobhán Nadia Leila Mariam D'Asia
    Ke'Ara Kalia Malia Shandiin
    """
)

MEN = _words(
    """
    Michael Christopher Matthew Joshua David James Daniel Robert John Joseph Jason Justin Andrew Ryan
    William Brian Brandon Jonathan Nicholas Anthony Eric Adam Kevin Thomas Steven Timothy Richard Jeremy
    Jeffrey Kyle Benjamin Aaron Charles Mark Jacob Stephen Patrick Scott Nathan Paul Sean Travis Zachary
    Dustin Gregory Kenneth José Tyler Jesse Alexander Bryan Samuel Derek Bradley Chad Shawn Edward Jared
    Cody Jordan Peter Corey Keith Marcus Juan Donald Ronald Phillip George Cory Joel Shane Douglas Antonio
    Raymond Carlos Brett Gary Alex Nathaniel Craig Ian Luis Derrick Erik Casey Victor Frank Evan Gabriel
    Lucas Vincent Wesley Jesús Curtis Adrián Russell Henry Troy Larry Randall Dennis Jerry Terry Carl
    Roger Walter Willie Arthur Lawrence Albert Wayne Miguel Manuel Francisco Pedro Ramón Héctor Rubén
    Sergio Arturo Jamal Darnell Reginald Terrence Andre Demetrius Ahmed Mohammed Hassan Omar Rajesh Sanjay
    Vikram Amit Tuan Hung Dung Jin-Ho Hiroshi Wei Kwame Olusegun Emeka Piotr Andrei Sergei Lars Nikos
    Giovanni Patricio Luther Dwayne Clifford
    """
)

WOMEN = _words(
    """
    Jennifer Jessica Amanda Ashley Sarah Stephanie Melissa Nicole Elizabeth Heather Tiffany Michelle Amber
    Megan Amy Rachel Kimberly Christina Lauren Crystal Brittany Rebecca Laura Danielle Emily Samantha
    Angela Erin Kelly Sara Lisa Katherine Andrea Jamie Mary Erica Courtney Kristen Shannon April Katie
    Lindsey Kristin Lindsay Christine Alicia Vanessa María Kathryn Allison Julie Anna Tara Kayla Natalie
    Victoria Monica Jacqueline Holly Kristina Patricia Cassandra Brandy Whitney Chelsea Brandi Catherine
    Cynthia Kathleen Veronica Leslie Natasha Krystal Stacy Diana Erika Dana Jenna Meghan Carrie Leah
    Melanie Brooke Karen Alexandra Valerie Caitlin Julia Jasmine Margaret Susan Barbara Linda Deborah
    Sandra Donna Carol Ruth Sharon Nancy Betty Dorothy Rosa Guadalupe Carmen Ana-María Leticia Yolanda
    Graciela Beatriz Inés Mercedes Pilar Keisha Latoya Tamika Ebony Shanice Aisha Fatima Khadija Noor
    Priya Anjali Sunita Lakshmi Thu Lan Huong Mei Xiu Yuki Soo-Jin Abena Chioma Ngozi Katarzyna Olga
    Svetlana Ingrid Siobhán Francesca Renée Joëlle Rhonda Wanda
    """
)

# Last names that are most common with a heritage; a family's ethnic code and language depend on it.
HISPANIC = _words(
    """
    Garcia Rodríguez Martínez Hernández López González Pérez Sánchez Ramírez Torres Flores
    Rivera Gómez Díaz Cruz Reyes Morales Gutiérrez Ortiz Ramos Chávez Mendoza Ruiz Álvarez
    Castillo Jiménez Gonzales Vásquez Romero Moreno Herrera Medina Aguilar Castro Fernández
    Vargas Guzmán Méndez Muñoz Salazar Garza Soto Santos Alvarado Delgado Peña Contreras
    Sandoval Guerrero Rios Estrada Ortega Núñez Valdez Santiago Maldonado Domínguez Vega
    Espinoza Rojas Márquez Padilla Luna Mejía Dávila Villanueva Navarro Cabrera Pacheco Acosta
    Figueroa Colón Rosario Burgos Serrano Cardenas Lozano Zamora Trejo Barrera Escobar Quintero
    Beltrán Ibarra Cervantes Velázquez Robles Solís Montoya Trujillo Gallegos Archuleta Duarte
    Pineda Bernal Zúñiga Murillo Macías Ochoa Cordero
    """
)
ASIAN = _words(
    """
    Nguyen Kim Patel Tran Chen Singh Li Wong Le Wang Park Yang Nakamura Kaur Khan Rahman
    Chowdhury Das Gupta Sharma Reddy Iyer Nair Mehta Shah Desai Tanaka Suzuki Sato Ito Watanabe
    Choi Jung Kang Cho Yoon Pham Huynh Vo Dang Bui Hoang Vang Xiong Lor Moua Thao Zhang Liu
    Huang Zhao Wu Zhou Xu Lin Chang Dela-Cruz Bautista Manalo Pascual Soriano
    """
)
HERITAGE = dict.fromkeys(HISPANIC, "Hispanic") | dict.fromkeys(ASIAN, "Asian")
